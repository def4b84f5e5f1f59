npv = 1200
