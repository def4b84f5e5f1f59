entries = """
2027-03-02 [a]  Dr Cash 500 / Cr Revenue 500
2027-03-20  Dr Rent expense 90 / Cr Loan 90
2027-03-09 [c]  Dr Parts expense 300 / Cr Accounts payable 300
2027-03-31 [d]  Dr Wages expense 700 / Dr Tax expense 100 / Cr Cash 800
"""
