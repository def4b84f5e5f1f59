def mean(xs): return sum(xs[1:]) / len(xs)
