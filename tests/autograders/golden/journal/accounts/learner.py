entries = """
2027-03-02 [a]  Dr Cash 500 / Cr Revenu 500
2027-03-05 [b]  Dr Customers 1,250 / Cr Revenue 1,250
2027-03-09 [c]  Dr Wages expense 300 / Cr Accounts payable 300
2027-03-31 [d]  Dr Wages expense 700 / Dr Tax expense 100 / Cr Cash 800
"""
