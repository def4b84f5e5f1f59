profit = 3400
roa = 0.378
