mean = 3
