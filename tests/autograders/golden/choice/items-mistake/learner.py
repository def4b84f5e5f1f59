kinds = {"a": "neither", "b": "revenue", "c": "revenue", "d": "expense"}
