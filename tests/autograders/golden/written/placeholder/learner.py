why = "Write here."
