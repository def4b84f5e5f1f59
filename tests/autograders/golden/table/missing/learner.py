shedule = None
