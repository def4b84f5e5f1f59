account = "cash"
