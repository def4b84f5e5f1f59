npv = None
