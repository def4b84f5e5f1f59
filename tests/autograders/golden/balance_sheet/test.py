import autograders as ag

q = ag.Question("balance_sheet", points=4)
q.add(ag.accounting.balance_sheet("sheet", {
    "Assets": {"Cash": 700, "Accounts receivable": 1250, "Equipment": 1000},
    "Liabilities": {"Loan": 500},
    "Equity": {"Owner's capital": 2450},
}, income="profit", opening_equity=2000, drawings=50))
q.result()
