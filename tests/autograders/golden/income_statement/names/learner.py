income = {"Repairs": 10300, "Sales": 200, "Rents": 1400, "Wages": 3600, "Snacks": 5}
