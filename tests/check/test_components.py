"""Components of a lesson keep their answers apart."""

from __future__ import annotations

from typing import Any

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
