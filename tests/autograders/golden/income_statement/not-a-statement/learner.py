income = 3400
