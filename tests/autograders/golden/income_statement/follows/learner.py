income = {"Repairs": 10300, "Sales": 200, "Rent": 1450, "Wages": 3600, "Parts": 2100, "Profit": 3350}
