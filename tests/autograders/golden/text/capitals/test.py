import autograders as ag

q = ag.Question("text", points=1)
q.add(ag.text("ticker", "MSFT", case=True, near_credit=0.5))
q.result()
