import autograders as ag

q = ag.Question("source", points=1)
q.add(ag.source("share", uses=["numpy.median()", "statistics.mean", "import numpy"]))
q.result()
