import numpy as np
rng = np.random.default_rng(1)
heights = rng.normal(170, 10, 500)
def roll(rng): return rng.integers(1, 7)
