entries = 500
