profit = 3400
roa = -5600
