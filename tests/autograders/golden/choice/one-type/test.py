import autograders as ag

q = ag.Question("choice", points=1)
q.add(ag.choice("side", "debit", options=["debit", "credit"], mistakes={"credit": ag.mistake("sides-swapped", "An asset grows on the left side: which word is that?")}))
q.result()
