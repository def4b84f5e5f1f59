import numpy as np
rng = np.random.default_rng(1)
heights = rng.normal(0, 1, 500)
def roll(rng): return rng.integers(0, 6)
