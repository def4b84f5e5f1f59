account = "AccountsReceivable"
