import autograders as ag

q = ag.Question("array", points=1)
q.add(ag.array("value", lambda rate: [100 * rate, 100 * rate**2], given={"rate": ag.answer("rate", 0.1)}))
q.result()
