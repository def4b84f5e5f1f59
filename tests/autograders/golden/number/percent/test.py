import autograders as ag

q = ag.Question("npv", points=3)
q.add(ag.number("rate", 0.05))
q.result()
