income = {
    "Revenue": {"Repairs": 10300, "Sales": 200},
    "Expenses": {"Rent": 1400, "Wages": 3600, "Parts": 2100},
    "Net income": 3400,
}
