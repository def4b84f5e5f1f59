import autograders as ag

q = ag.Question("npv", points=3)
q.add(ag.number("npv", 1234.5))
q.result()
