assets = ["cash", "van", "loan"]
