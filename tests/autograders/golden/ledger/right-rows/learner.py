accounts = [
    ("Cash", 1000, 0), ("Cash", 500, 0), ("Cash", 0, 700), ("Capital", 0, 1000),
    ("Revenue", 0, 500), ("Revenue", 0, 1250), ("Accounts receivable", 1250, 0),
    ("Wages expense", 700, 0),
]
