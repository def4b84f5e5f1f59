assets = ["cash", "rent"]
