import autograders as ag

q = ag.Question("cash_flow", points=4)
q.add(ag.accounting.cash_flow("flows", {
    "operating": {"Received from customers": 9800, "Rent paid": -1400, "Wages paid": -4800},
    "investing": {"Trailer bought": -2250},
    "financing": {"Loan repaid": -1000, "Owner paid in": 750},
}, opening=1000, closing=2100))
q.result()
