npv = 999
