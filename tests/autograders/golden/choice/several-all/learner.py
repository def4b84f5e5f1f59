assets = ["cash"]
