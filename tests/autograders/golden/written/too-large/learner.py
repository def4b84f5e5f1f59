why = "cash " * 40000
