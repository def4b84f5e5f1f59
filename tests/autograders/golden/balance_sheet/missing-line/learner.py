profit = 500
sheet = {
    "Cash": 700,
    "Equipment": 1000,
    "Loan": 500,
    "Owner's capital": 2450,
}
