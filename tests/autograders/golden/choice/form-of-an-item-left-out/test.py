import autograders as ag

q = ag.Question("kinds", points=2)
q.add(ag.choice("kinds", items="ab", options=["revenue", "expense", "neither"], mistakes={
    (lambda kinds: len(set(kinds.values())) == 1): ag.mistake("one-word", "One word for all?")}))
q.result()
