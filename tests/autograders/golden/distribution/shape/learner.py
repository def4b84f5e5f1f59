import numpy as np
rng = np.random.default_rng(1)
heights = rng.uniform(152.7, 187.3, 500)
def roll(rng): return (rng.integers(1, 7) + rng.integers(1, 7)) // 2
