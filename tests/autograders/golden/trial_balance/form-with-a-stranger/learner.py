balances = {"Cash": 80, "Goodwill": -80}
