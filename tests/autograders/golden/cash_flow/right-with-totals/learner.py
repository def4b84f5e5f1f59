flows = [
    ("Operating activities", "Received from customers", 9800),
    ("Operating activities", "Rent paid", -1400),
    ("Operating activities", "Wages paid", -4800),
    ("Operating activities", "Net cash from operating activities", 3600),
    ("Investing activities", "Trailer bought", -2250),
    ("Financing activities", "Loan repaid", -1000),
    ("Financing activities", "Owner paid in", 750),
    ("", "Net change in cash", 1100),
]
