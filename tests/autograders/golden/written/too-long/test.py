import autograders as ag

q = ag.Question("written", points=1)
q.add(ag.written("why", words=3, most=20, rubric={"Says who owes whom": 1, "Names the month": 0.5}))
q.result()
