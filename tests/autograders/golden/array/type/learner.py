balance = {100: 60}
