accounts = {"Cash": 750, "Capital": -1000, "Revenue": -1750, "Accounts receivable": 1520, "Wage expense": 700, "Loan": 5}
