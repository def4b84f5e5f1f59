import autograders as ag


def skips_the_first(xs):
    return sum(xs[1:]) / len(xs)


q = ag.Question("mean", points=4)
q.add(ag.function("mean", [([3, 1], 2), ([5], 5)], raises=[([], ZeroDivisionError)],
                  credit="cases", seconds=0.5))
q.add(ag.function("mean", reference=lambda xs: sum(xs) / len(xs), examples=20, seconds=0.5,
                  given=lambda random: [random.randint(-9, 9) for _ in range(4)],
                  mistakes={skips_the_first: "Does the first value count as well?"}))
q.result()
