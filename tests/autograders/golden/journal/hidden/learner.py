entries = """
2027-03-02 [a]  Dr Revenue 500 / Cr Cash 500
2027-03-05 [b]  Dr Accounts receivable 1,250 / Cr Revenue 1,250
2027-03-09 [c]  Dr Parts expense 300 / Cr Accounts payable 300
"""
