side = "credit"
