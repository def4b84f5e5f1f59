grid = list(range(6))
