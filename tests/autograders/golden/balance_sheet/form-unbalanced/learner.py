sheet = {"Cash": 50, "Loan": 20, "Capital": 70}
