account = "  accounts\u00a0RECEIVABLE "
