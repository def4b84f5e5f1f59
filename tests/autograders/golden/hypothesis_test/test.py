import autograders as ag

q = ag.Question("drug", points=3)
q.add(ag.hypothesis_test(
    "result", statistic=2.1, p=0.04, interval=(0.1, 3.9), reject=True,
    mistakes={(3.3, 0.002): ag.mistake("paired", "That is the test of pairs. Are these the same people?")},
))
q.result()
