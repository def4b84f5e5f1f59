accounts = {"Cash": ("debit", 800), "Revenue": ("credit", 1750), "Accounts receivable": ("debit", 1250)}
