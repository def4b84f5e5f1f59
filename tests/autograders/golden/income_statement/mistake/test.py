import autograders as ag

q = ag.Question("income_statement", points=4)
q.add(ag.accounting.income_statement("income", {
    "Revenue": {"Repairs": 10300, "Sales": 200},
    "Expenses": {"Rent": 1400, "Wages": 3600, "Parts": 2100},
}, mistakes={
    (lambda lines: lines["Net income"] == 10500): ag.mistake(
        "revenue-as-profit", "That is the revenue. What was used up to earn it?")}))
q.result()
