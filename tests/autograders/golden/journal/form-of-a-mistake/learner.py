entries = [("Cash", "Revenue", 500), ("Cash", "Revenue", 20)]
