result = (2.1, 0.04, (1, 3), True)
