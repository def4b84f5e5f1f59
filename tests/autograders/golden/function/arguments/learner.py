def mean(xs, ys): return 0
