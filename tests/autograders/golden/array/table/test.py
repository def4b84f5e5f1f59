import autograders as ag

q = ag.Question("array", points=1)
q.add(ag.array("grid", [[1, 2], [3, 4]]))
q.result()
