import autograders as ag

q = ag.Question("cash_flow", points=4)
q.add(ag.accounting.cash_flow("flows", {"operating": 3600, "investing": -2250, "financing": -250}))
q.result()
