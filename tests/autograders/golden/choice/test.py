import autograders as ag


def one_word(kinds):
    return len(set(kinds.values())) == 1


q = ag.Question("choice", points=3)
q.add(ag.choice("kinds", {"a": "neither", "b": "neither", "c": "revenue", "d": "expense"}, options=["revenue", "expense", "neither"], scoring="groups", mistakes={("b", "revenue"): ag.mistake("cash-basis", "In which month was it earned?"), one_word: ag.mistake("one-word", "Ask of each event whether it was earned, or used up.", credit=0)}))
q.result()
