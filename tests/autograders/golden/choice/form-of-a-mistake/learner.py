kinds = {"a": "Revenue", "b": "revenue"}
