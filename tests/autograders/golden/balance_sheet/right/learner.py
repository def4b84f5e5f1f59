profit = 500
sheet = {
    "Assets": {"Cash": 700, "Accounts receivable": 1250, "Equipment": 1000, "Total": 2950},
    "Liabilities": {"Loan": 500},
    "Equity": {"Owner's capital": 2450},
}
