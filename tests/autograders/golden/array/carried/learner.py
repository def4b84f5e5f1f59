rate = 0.5
value = [50, 25]
