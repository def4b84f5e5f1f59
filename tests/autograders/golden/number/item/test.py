import autograders as ag

q = ag.Question("npv", points=3)
q.add(ag.number("totals[\"Cash\"]", 5))
q.add(ag.number("totals[\"cash\"]", 5))
q.result()
