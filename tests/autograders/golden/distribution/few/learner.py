import numpy as np
rng = np.random.default_rng(1)
heights = rng.normal(170, 10, 50)
def roll(rng): return 4
