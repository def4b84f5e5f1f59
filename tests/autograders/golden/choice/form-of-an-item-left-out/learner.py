kinds = {"a": "Revenue"}
