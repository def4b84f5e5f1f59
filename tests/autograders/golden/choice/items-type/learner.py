kinds = ["neither", "neither"]
