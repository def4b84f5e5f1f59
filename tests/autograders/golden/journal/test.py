import autograders as ag

q = ag.Question("journal", points=4)
MARCH = """
2027-03-02 [a]  Dr Cash 500 / Cr Revenue 500
2027-03-05 [b]  Dr Accounts receivable 1,250 / Cr Revenue 1,250
2027-03-09 [c]  Dr Parts expense 300 / Cr Accounts payable 300
2027-03-31 [d]  Dr Wages expense 700 / Dr Tax expense 100 / Cr Cash 800
"""
q.add(ag.accounting.journal("entries", MARCH, aliases={"A/R": "Accounts receivable"}))
q.result()
