why = "The customer owes the shop for a repair that was earned in March."
