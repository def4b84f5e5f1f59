import autograders as ag

q = ag.Question("ratio", points=2)
q.add(ag.accounting.ratio("roa", ag.answer("profit", 3400), 10_000, opening=8000))
q.result()
