schedule = None
