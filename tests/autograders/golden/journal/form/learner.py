entries = "2027-01-05  Dr Cash 500 / Cr Revenue 500"
