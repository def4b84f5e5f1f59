import numpy as np
rng = np.random.default_rng(1)
heights = rng.choice([160.0, 180.0], 500)
def roll(rng): return (rng.integers(1, 7) + rng.integers(1, 7)) // 2
