profit = 500
sheet = {
    "Cash": 7,
    "Accounts receivable": 1520,
    "Equipment": 1000,
    "Loan": 500,
    "Owner's capital": 2450,
}
