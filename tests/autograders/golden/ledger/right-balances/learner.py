accounts = {"Cash": 800, "Capital": -1000, "Revenue": -1750, "Accounts receivable": 1250, "Wages expense": 700}
