why = "cash " * 40
