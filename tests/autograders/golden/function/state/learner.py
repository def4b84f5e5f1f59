seen = []
def mean(xs):
    seen.extend(xs)
    return sum(seen) / len(seen)
