import numpy as np
rng = np.random.default_rng(1)
heights = [170.0] * 500
def roll(_): return rng.integers(1, 7)
