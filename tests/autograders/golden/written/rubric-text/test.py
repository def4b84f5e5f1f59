import autograders as ag

q = ag.Question("written", points=1)
q.add(ag.written("why", rubric="one reason, and one figure that shows it."))
q.result()
