profit = 3600
roa = 0.4
