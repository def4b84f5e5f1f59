side = None
