import autograders as ag

q = ag.Question("source", points=1)
q.add(ag.source("sums", uses=[".groupby()"], avoids=[".apply"]))
q.result()
