def mean(xs):
    xs.sort()
    return sum(xs) / len(xs)
