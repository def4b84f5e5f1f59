import autograders as ag

q = ag.Question("npv", points=3)
q.add(ag.number("a", 1), weight=2)
q.add(ag.number("b", 1))
q.add(ag.number("b", 5), weight=0)
q.result()
