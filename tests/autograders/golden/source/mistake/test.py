import autograders as ag

q = ag.Question("source", points=1)
q.add(ag.source("total", mistakes={"for": ag.mistake("loop", "Let `sum` do the loop.", credit=0.5)}))
q.result()
