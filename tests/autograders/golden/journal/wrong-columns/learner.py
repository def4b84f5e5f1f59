entries = {"account": ["Cash", "Revenue"], "amount": [500, 500]}
