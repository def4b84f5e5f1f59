profit = 3400
roa = "37.8 %"
