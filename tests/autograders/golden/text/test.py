import autograders as ag

q = ag.Question("text", points=1)
q.add(ag.text("account", "Accounts receivable", mistakes={"Cash": ag.mistake("cash-not-receivable", "Has the customer paid yet?", credit=0.25)}))
q.result()
