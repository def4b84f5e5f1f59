import autograders as ag

q = ag.Question("npv", points=3)
### BEGIN HIDDEN TESTS
q.add(ag.number("npv", 1234.5, mistakes={999: "You left out the first year."}))
### END HIDDEN TESTS
q.result()
