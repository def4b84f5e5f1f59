import autograders as ag

q = ag.Question("written", points=1)
q.add(ag.written("why"))
q.result()
