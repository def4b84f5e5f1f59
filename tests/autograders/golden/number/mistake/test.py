import autograders as ag

q = ag.Question("npv", points=3)
q.add(ag.number("npv", 1234.5, mistakes={-1234.5: ag.mistake("outflow", "Is the outflow negative?", credit=0.5)}))
q.result()
