def mean(xs): return sum(xs) / 0
