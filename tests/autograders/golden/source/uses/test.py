import autograders as ag

q = ag.Question("source", points=1)
q.add(ag.source("total", uses=["list comprehension", "for"], credit="each"))
q.result()
