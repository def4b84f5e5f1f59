ticker = "msft"
