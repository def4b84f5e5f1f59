import autograders as ag

q = ag.Question("choice", points=1)
q.add(ag.choice("assets", ["cash", "van"], options=["cash", "van", "loan", "rent"], scoring="right", mistakes={"loan": ag.mistake("liability", "Whom does the shop owe the loan?")}))
q.result()
