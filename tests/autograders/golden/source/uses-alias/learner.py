import numpy as np
from statistics import mean
share = np.median([1, 2]) / mean([1])
