import autograders as ag


def all_same(values):
    return values.min() == values.max()


q = ag.Question("array", points=4)
q.add(ag.array("balance", [100, 60, 20, -20], credit="cells", mistakes=[([100, 140, 180, 220], ag.mistake("sides-swapped", "Does a payment add to the balance?")), (all_same, "Did you carry each balance on?")]))
q.result()
