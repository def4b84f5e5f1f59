entries = "2027-03-02  Dr Cash 510 / Cr Revenue 510"
accounts = {"Cash": 510, "Revenue": -510}
