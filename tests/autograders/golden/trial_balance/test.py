import autograders as ag

q = ag.Question("trial_balance", points=4)
BALANCES = {"Cash": 800, "Accounts receivable": 1250, "Capital": -1000, "Revenue": -1750,
            "Wages expense": 700}
q.add(ag.accounting.trial_balance("trial", BALANCES))
q.result()
