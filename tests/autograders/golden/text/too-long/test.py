import autograders as ag

q = ag.Question("text", points=1)
q.add(ag.text("term", "sales"))
q.result()
