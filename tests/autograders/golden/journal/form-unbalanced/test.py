import autograders as ag

q = ag.Question("entries", points=4)
q.add(ag.accounting.journal("entries", accounts=["Cash", "Revenue", "Accounts receivable"], mistakes={
    (lambda entries: len(entries) > 1): ag.mistake("one-event", "There is one event.")}))
q.result()
