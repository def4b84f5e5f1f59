balances = {"Cash": 80, "Capital": -80}
