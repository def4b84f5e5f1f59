def helper(xs):
    while xs:
        xs.pop()

def total(xs):
    helper(xs)
    return 1
