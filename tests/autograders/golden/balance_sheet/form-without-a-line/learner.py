sheet = {"Cash": 50, "Loan": 50}
