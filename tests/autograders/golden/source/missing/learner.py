totl = 3
