term = "sales " * 5000
