flows = {"Received from customers": 9800, "Rent paid": -1400, "Wages paid": -4800, "Trailer bought": -2250, "Loan repaid": -1000, "Owner paid in": 750}
