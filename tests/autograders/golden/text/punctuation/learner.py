term = "owners equity"
