import autograders as ag


def _spread(values):
    return min(values), max(values)


q = ag.Question("spread", points=3)
for _part, _label, _weight in ((0, "lowest", 1), (1, "highest", 2)):
    q.add(ag.function(
        "spread", reference=_spread, inputs=[[3, 1], [2, 9, 4]], part=_part, label=_label,
        mistakes={
            (lambda values: (max(values), min(values))): ag.mistake(
                "other-order", "The lowest comes first."),
            (lambda values: (None, len(values))): ag.mistake(
                "count", "That is how many there are, not the highest."),
        }), weight=_weight)
q.result()
