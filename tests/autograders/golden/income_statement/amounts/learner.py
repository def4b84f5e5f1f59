income = {"Repairs": 10300, "Sales": -200, "Rent": 4100, "Wages": 3.6, "Parts": 2100, "Profit": 3400}
