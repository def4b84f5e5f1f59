def mean(xs): return str(sum(xs) / len(xs))
