import autograders as ag

q = ag.Question("written", points=1)
q.add(ag.written("why", words=8, rubric=["Says who owes whom.", "Names the month in which it was earned."], placeholder="Write here."))
q.result()
