account = ["Accounts receivable"]
