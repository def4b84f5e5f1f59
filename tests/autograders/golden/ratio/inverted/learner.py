profit = 3400
roa = 2.647059
