side = "Debit "
