def mean(xs):
    raise NotImplementedError
