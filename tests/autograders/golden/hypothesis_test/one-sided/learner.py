result = (2.1, 0.02, (0.1, 3.9), True)
