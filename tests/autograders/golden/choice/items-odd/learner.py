kinds = {"a": "neiter", "b": None, "C": "revenue", "d": 4}
