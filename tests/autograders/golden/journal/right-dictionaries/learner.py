entries = [
    {"date": "2027-03-02", "account": "Cash", "debit": 500, "credit": None},
    {"date": None, "account": "Revenue", "debit": None, "credit": 500},
    {"date": "2027-03-05", "account": "Accounts receivable", "debit": 1250, "credit": None},
    {"date": None, "account": "Revenue", "debit": None, "credit": 1250},
    {"date": "2027-03-09", "account": "Parts expense", "debit": 100, "credit": None},
    {"date": None, "account": "Parts expense", "debit": 200, "credit": None},
    {"date": None, "account": "Accounts payable", "debit": None, "credit": 300},
    {"date": "2027-03-31", "account": "Wages expense", "debit": 700, "credit": None},
    {"date": None, "account": "Tax expense", "debit": 100, "credit": None},
    {"date": None, "account": "Cash", "debit": None, "credit": 800},
]
