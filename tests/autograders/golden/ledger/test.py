import autograders as ag

q = ag.Question("ledger", points=4)
MARCH = """
2027-03-02  Dr Cash 500 / Cr Revenue 500
2027-03-05  Dr Accounts receivable 1,250 / Cr Revenue 1,250
2027-03-31  Dr Wages expense 700 / Cr Cash 700
"""
OPENING = {"Cash": 1000, "Capital": -1000}
q.add(ag.accounting.ledger("accounts", MARCH, opening=OPENING, postings=True))
q.result()
