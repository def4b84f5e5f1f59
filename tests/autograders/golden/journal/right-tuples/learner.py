entries = [
    ("2027-03-09", "Parts expense", "Accounts payable", 300),
    ("2027-03-02", "cash", "REVENUE", 500.0),
    ("2027-03-05", "A/R", "Revenue", "1,250"),
    ("2027-03-31", "Wages expense", "Cash", 700),
    ("2027-03-31", "Tax expense", "Cash", 100),
]
