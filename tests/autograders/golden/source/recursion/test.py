import autograders as ag

q = ag.Question("source", points=1)
q.add(ag.source("fact", uses=["recursion"], avoids=["loop", "**"]))
q.result()
