import numpy as np
grid = np.arange(6).reshape(3, 2)
