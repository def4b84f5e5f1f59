names = ["Loan", "Cash", "Rent"]
