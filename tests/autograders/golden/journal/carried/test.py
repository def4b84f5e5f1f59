import autograders as ag

q = ag.Question("journal", points=4)
def closing(depreciation):
    return [("2027-12-31", "Depreciation expense", "Accumulated depreciation", depreciation)]


q.add(ag.accounting.journal("entries", closing, given={
    "depreciation": ag.answer("depreciation", 500)}))
q.result()
