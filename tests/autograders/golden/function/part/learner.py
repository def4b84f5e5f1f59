def spread(values):
    return min(values), len(values)
