accounts = "Cash 500"
