term = "sales"
