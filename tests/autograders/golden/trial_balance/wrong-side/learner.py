trial = [
    ("Cash", 800, 0),
    ("Accounts receivable", 1250, 0),
    ("Capital", 1000, 0),
    ("Revenue", 0, 1750),
    ("Wages expense", 700, 0),
]
