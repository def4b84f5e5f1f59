accounts = {
    "Cash": {"debit": [1000, 500, 90], "credit": [700]},
    "Capital": {"debit": [], "credit": [1000]},
    "Revenue": {"debit": [], "credit": [500, 1250]},
    "Accounts receivable": {"debit": [1250], "credit": []},
    "Wages expense": {"debit": [700], "credit": []},
}
