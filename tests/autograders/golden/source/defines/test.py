import autograders as ag

q = ag.Question("source", points=3)
q.add(ag.source(defines=["npv(rate, flows)"]))
q.add(ag.source(defines=["class Account", "Account.add(self, amount)"]))
q.add(ag.source(defines=["nvp(rate, ...)", "Account.add"]))
q.result()
