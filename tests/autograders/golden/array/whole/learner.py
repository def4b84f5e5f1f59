import numpy as np
counts = np.array([1.0, 2.0])
