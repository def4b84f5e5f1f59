import autograders as ag

q = ag.Question("income_statement", points=4)
q.add(ag.accounting.income_statement("income", {
    "Revenue": {"Repairs": 10300, "Sales": 200},
    "Expenses": {"Rent": 1400, "Wages": 3600, "Parts": 2100},
}))
q.result()
