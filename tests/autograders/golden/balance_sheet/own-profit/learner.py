profit = 420
sheet = {
    "Cash": 700,
    "Accounts receivable": 1250,
    "Equipment": 1000,
    "Loan": 500,
    "Owner's capital": 2370,
}
