import autograders as ag

q = ag.Question("npv", points=3)
q.add(ag.number("profit", lambda revenue: revenue - 100, given={"revenue": ag.answer("revenue", 2000)}))
q.result()
