import numpy as np
rng = np.random.default_rng(1)
heights = rng.normal(170, 10**2, 500)
def roll(rng): return rng.integers(1, 6)
