import autograders as ag


def has(side, account):
    return lambda entries: any(
        (line.side, line.account) == (side, account) for entry in entries for line in entry.lines)


q = ag.Question("entries", points=4)
q.add(ag.accounting.journal("entries", "Dr Cash 500 / Cr Receivables 500\nDr Drawings 260 / Cr Cash 260", accounts=["Cash", "Receivables", "Revenue", "Rent expense", "Drawings"], mistakes={has("credit", "Revenue"): ag.mistake("revenue-twice", "That was revenue when it was billed."), has("debit", "Rent expense"): ag.mistake("owner-is-firm", "Whose home is it?")}))
q.result()
