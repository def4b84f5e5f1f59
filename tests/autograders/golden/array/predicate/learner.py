balance = [100] * 4
