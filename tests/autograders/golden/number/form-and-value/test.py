import autograders as ag

q = ag.Question("npv", points=3)
q.add(ag.number("npv"))
### BEGIN HIDDEN TESTS
q.add(ag.number("npv", 1234.5))
### END HIDDEN TESTS
q.result()
