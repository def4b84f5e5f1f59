def total(xs):
    return sum(xs)

def other(xs):
    for x in xs:
        pass

total.__code__ = other.__code__
