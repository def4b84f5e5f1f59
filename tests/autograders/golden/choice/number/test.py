import autograders as ag

q = ag.Question("choice", points=1)
q.add(ag.choice("answer", 2, options=[1, 2, 3, 4]))
q.result()
