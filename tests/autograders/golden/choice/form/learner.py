kinds = {"a": "Revenue", "b": "expense"}
