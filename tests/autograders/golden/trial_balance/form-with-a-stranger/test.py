import autograders as ag

q = ag.Question("balances", points=2)
q.add(ag.accounting.trial_balance("balances", ["Cash", "Capital", "Revenue"]))
q.result()
