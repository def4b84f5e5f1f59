"""Components of a lesson keep their answers apart."""

from __future__ import annotations

from typing import Any

import pytest

CELL = '''
```{{code-cell}} python
from kit.lesson import quiz
quiz("{asked}", {{"Yes": "Why?", "No": "Right."}}, right="No"{more})
```
'''


def findings(folder: Any, *cells: str) -> list[tuple[str, str]]:
    text = (folder.root / "lessons" / "first.md").read_text(encoding="utf-8")
    folder.write("lessons/first.md", text + "".join(cells))
    return [(one.code, one.message) for one in folder.check()]


def test_two_that_ask_the_same_are_told(folder: Any) -> None:
    ((code, message),) = findings(folder, CELL.format(asked="Is it?", more=""),
                                  CELL.format(asked="Is it?", more=""))
    assert code == "E313"
    assert message.startswith("this quiz has the id 'quiz-")


def test_one_id_for_two_is_told_and_others_are_fine(folder: Any) -> None:
    given = CELL.format(asked="Is it?", more=', id="same"')
    other = CELL.format(asked="Was it?", more=', id="same"')
    ((code, message),) = findings(folder, given, other, CELL.format(asked="Will it?", more=""))
    assert code == "E313"
    assert "has the id 'same' of the one in cell" in message


def test_an_exploration_that_is_too_large_for_a_page_is_told(folder: Any) -> None:
    ((code, message),) = findings(folder, """
```{code-cell} python
from kit.lesson import explore
explore(lambda n: n * n, question="n squared", n=range(1000))
```
""")
    assert code == "W314"
    assert "1,000" in message


def test_components_in_a_box_keep_their_answers_apart_too(folder: Any) -> None:
    ((code, message),) = findings(folder, CELL.format(asked="Is it?", more=', id="same"'), """
```{code-cell} python
from ipywidgets import VBox
VBox([quiz("Was it?", {"Yes": "Why?", "No": "Right."}, right="No", id="same")])
```
""")
    assert code == "E313"
    assert "has the id 'same' of the one in cell" in message


SILENT = "says nothing to a wrong answer"


@pytest.mark.parametrize(("made", "codes"), [
    ('quiz("How many?", right=3)', {"W317"}),
    ('quiz("How many?", right=3, wrong={4: "Count again."})', set()),
    ('quiz("How many?", right=3, otherwise="Count again.")', set()),
    ('quiz("Which first?", order=["a", "b"])', {"W317"}),
    ('quiz("Which?", match={"a": "1", "b": "2"})', {"W317"}),
    ('quiz("It is {n}.", blanks={"n": 3})', {"W317"}),
    ('quiz("Know", cards={"a": "1"})', set()),
    ('predict("How many?", was=3)', {"W317"}),
    ('predict("How many?", {"3": "Yes.", "4": "One too many."}, was="3")', set()),
    ('steps("Add", [("1 + 1", 2), ("2 + 1", 3)])', {"W317"}),
    ('steps("Add", [("1 + 1", 2), ("2 + 1", 3, {4: "Once."})])', set()),
    ('steps("Add", [("1 + 1", 2)], blank=0)', set()),
    ('hints("Stuck?", [HTML("<img src=\'data:,\'>")])', {"W316"}),
    ('hints("Stuck?", [HTML("<img src=\'data:,\' alt=\'A curve\'>")])', set()),
])
def test_what_a_reader_would_miss_is_told(folder: Any, made: str, codes: set[str]) -> None:
    found = findings(folder, f"""
```{{code-cell}} python
from IPython.display import HTML
from kit.lesson import hints, predict, quiz, steps
{made}
```
""")
    assert {code for code, _ in found} == codes
    assert all(SILENT in message for code, message in found if code == "W317")
