import numpy as np
balance = np.array([100, np.nan, 20, np.nan])
