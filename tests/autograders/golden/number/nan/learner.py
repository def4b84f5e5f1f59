npv = float("nan")
