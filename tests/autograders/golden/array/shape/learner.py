balance = [100, 60, 20]
