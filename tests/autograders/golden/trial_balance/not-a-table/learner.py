trial = {"Cash": "eight hundred"}
