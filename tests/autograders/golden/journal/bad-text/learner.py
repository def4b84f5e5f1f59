entries = """
2027-03-02 [a]  Dr Cash 500 / Cr Revenue 500
2027-03-05 [b]  Accounts receivable 1,250 / Cr Revenue 1,250
"""
