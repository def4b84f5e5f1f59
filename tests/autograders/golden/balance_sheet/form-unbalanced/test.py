import autograders as ag

q = ag.Question("sheet", points=3)
q.add(ag.accounting.balance_sheet("sheet", {
    "Assets": ["Cash"], "Liabilities": ["Loan"], "Equity": ["Capital"]}))
q.result()
