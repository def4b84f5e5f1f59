account = "Equipment"
