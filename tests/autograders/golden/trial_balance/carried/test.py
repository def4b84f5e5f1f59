import autograders as ag

q = ag.Question("trial_balance", points=4)
q.add(ag.accounting.trial_balance("trial", ag.accounting.balances, given={
    "journal": ag.answer("entries", "2027-03-02  Dr Cash 500 / Cr Revenue 500")}))
q.result()
