import autograders as ag

q = ag.Question("array", points=1)
q.add(ag.array("balance", [100, 60, 20, -20]))
q.result()
