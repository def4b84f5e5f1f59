import autograders as ag

q = ag.Question("npv", points=3)
q.add(ag.number("npv", mistakes={-1234.5: ag.mistake("outflow-added", "Is the outflow negative?")}))
q.result()
