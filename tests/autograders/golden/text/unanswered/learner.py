account = None
