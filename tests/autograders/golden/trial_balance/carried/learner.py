entries = "2027-03-02  Dr Cash 510 / Cr Revenue 510"
trial = [("Cash", 510, 0), ("Revenue", 0, 510)]
