import autograders as ag

q = ag.Question("array", points=1)
q.add(ag.array("names", ["Cash", "Loan", "Van"], ordered=False, credit="cells"))
q.result()
