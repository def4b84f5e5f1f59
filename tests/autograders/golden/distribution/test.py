import autograders as ag
from scipy import stats

q = ag.Question("draws", points=2)
q.add(ag.distribution("heights", stats.norm(170, 10), size=500))
q.add(ag.distribution("roll", stats.randint(1, 7), draw=lambda roll, rng: [roll(rng) for _ in range(600)]))
q.result()
