import autograders as ag

q = ag.Question("text", points=1)
q.add(ag.text("city", "São Paulo", near_credit=0.75))
q.result()
