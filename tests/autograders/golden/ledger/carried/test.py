import autograders as ag

q = ag.Question("ledger", points=4)
q.add(ag.accounting.ledger("accounts", ag.accounting.post, given={
    "journal": ag.answer("entries", "2027-03-02  Dr Cash 500 / Cr Revenue 500")}))
q.result()
