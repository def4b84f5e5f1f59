result = (0.4, 0.7, (0.1, 3.9), False)
