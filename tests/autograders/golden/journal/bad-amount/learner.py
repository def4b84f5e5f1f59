entries = """
2027-03-02 [a]  Dr Cash 500 / Cr Revenue 500
2027-03-05 [b]  Dr Accounts receivable 1.250,00 / Cr Revenue 1,250
"""
