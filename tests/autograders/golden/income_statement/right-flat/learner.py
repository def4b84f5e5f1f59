income = {"repairs": 10300, "sales": 200, "rent": -1400, "wages": -3600, "parts": -2100, "profit": 3400}
