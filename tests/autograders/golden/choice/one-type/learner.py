side = ["debit"]
