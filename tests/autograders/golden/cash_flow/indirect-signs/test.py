import autograders as ag

q = ag.Question("cash_flow", points=4)
q.add(ag.accounting.cash_flow("flows", {
    "operating": {"Net income": 300, "Depreciation": 50, "Increase in accounts receivable": -70,
                  "Increase in accounts payable": 20},
}, method="indirect"))
q.result()
