assets = {"van", "cash"}
