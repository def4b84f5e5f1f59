"""What is known of each kind of component: how it is answered wrongly, and how rightly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from answering import cells, entries, exploring, predictions, quizzes, worked
from answering.parts import Part

Path = Callable[[Part, Any], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How a kind of component is answered: `right`, and `wrong` where there is a wrong answer."""

    right: Path
    wrong: Path | None = None
    before: Callable[[Part], None] | None = None


KINDS: Mapping[str, Kind] = {
    "quiz/choice": Kind(wrong=quizzes.wrong_choice, right=quizzes.right_choice),
    "quiz/figure": Kind(wrong=quizzes.wrong_fields, right=quizzes.right_fields),
    "quiz/blanks": Kind(wrong=quizzes.wrong_fields, right=quizzes.right_fields),
    "quiz/order": Kind(wrong=quizzes.wrong_order, right=quizzes.right_order),
    "quiz/match": Kind(wrong=quizzes.wrong_match, right=quizzes.right_match),
    "quiz/cards": Kind(wrong=quizzes.wrong_cards, right=quizzes.right_cards),
    "predict/choice": Kind(wrong=predictions.wrong, right=predictions.right),
    "predict/number": Kind(wrong=predictions.wrong, right=predictions.right),
    "predict/axis": Kind(wrong=predictions.wrong, right=predictions.right),
    "explore": Kind(right=exploring.move),
    "journal_entry": Kind(wrong=entries.wrong, right=entries.right),
    "steps": Kind(wrong=worked.wrong_steps, right=worked.right_steps),
    "hints": Kind(wrong=worked.first_hint, right=worked.all_hints),
    "solution": Kind(wrong=worked.short_attempt, right=worked.opened_solution,
                     before=worked.must_be_shut),
    "lecture": Kind(right=worked.read_lecture),
    "run": Kind(wrong=cells.edit, right=cells.run),
}


def kind_of(part: Part) -> Kind:
    """How to answer a component. Raises LookupError for a kind that nobody has taught."""
    if part.name not in KINDS:
        raise LookupError(f"no test knows how to answer {part.name}: teach answering/kinds.py")
    return KINDS[part.name]
