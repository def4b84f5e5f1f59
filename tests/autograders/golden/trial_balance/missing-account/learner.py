trial = [
    ("Cash", 800, 0),
    ("Accounts receivable", 1250, 0),
    ("Capital", 0, 1000),
    ("Revenue", 0, 1750),
]
