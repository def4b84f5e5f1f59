totals = {"Cash": 5}
