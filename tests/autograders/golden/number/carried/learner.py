revenue = 1000
profit = 900
