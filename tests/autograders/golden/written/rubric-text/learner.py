why = "Cash is not profit"
