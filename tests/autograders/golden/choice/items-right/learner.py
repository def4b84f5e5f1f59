kinds = {"a": "neither", "b": "neither", "c": "revenue", "d": "expense"}
