def mean(xs): return sum(xs) / max(len(xs), 1)
