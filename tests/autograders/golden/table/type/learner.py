schedule = [[1, 900, 45, 600]]
