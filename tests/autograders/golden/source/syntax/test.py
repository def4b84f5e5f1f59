import autograders as ag

q = ag.Question("source", points=1)
q.add(ag.source("code", text=True, uses=["for"]))
q.result()
