side = "debt"
