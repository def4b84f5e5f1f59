income = {"Repairs": 10300, "Sales": 200, "Accounts receivable": 900, "Rent": 1400, "Wages": 3600, "Parts": 2100, "Profit": 4300}
