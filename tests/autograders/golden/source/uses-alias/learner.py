import math as m
from statistics import mean
share = m.sqrt(4) / mean([1])
