assets = ["cash", "van", "rent"]
