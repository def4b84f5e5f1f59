import autograders as ag

q = ag.Question("text", points=1)
q.add(ag.text("when", pattern=r"\d{4}-\d\d-\d\d"))
q.result()
