import autograders as ag

q = ag.Question("source", points=1)
q.add(ag.source("share", uses=["math.sqrt()", "statistics.mean", "import math"]))
q.result()
