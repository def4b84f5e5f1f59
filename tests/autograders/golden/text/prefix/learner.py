term = "earned revenue"
