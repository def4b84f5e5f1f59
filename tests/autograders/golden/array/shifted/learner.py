balance = [0, 100, 60, 20]
