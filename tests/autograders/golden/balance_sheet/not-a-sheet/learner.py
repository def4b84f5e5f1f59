profit = 500
sheet = [700, 1250, 1000]
