term = "Owners’ equity."
