trial = {"cash": 800, "accounts receivable": 1250, "capital": -1000, "revenue": -1750, "wages expense": 700}
