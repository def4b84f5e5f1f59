"""A course with a word of its own in every place that is the author's alone.

`PLACES` names them: "place" -> word. `write_planted` writes the course; ps1 is for learners, ps2
is not released, ps3 may be studied alone with all its answers.
"""

from __future__ import annotations

import base64
import io
import json
import sqlite3
from pathlib import Path
from typing import Any

from sourcecells import cell

from kit.course import load_course
from kit.model import Course

_NAMES = (
    "solution", "hidden test", "mark scheme", "model answer", "alt text of a model answer",
    "attachment of a model answer", "expected value of a check", "message of a known mistake",
    "note in homework", "note in a lesson", "note in a lesson of text", "wrong answer",
    "metadata of a cell", "metadata of a notebook", "tag of a cell", "metadata of a lesson",
    "metadata of a lesson's cell", "tag of a lesson's cell", "old output of a lesson",
    "attachment that a lesson does not show", "output of a solution", "picture of a solution",
    "drawn by a solution", "file in source", "hidden file of homework", "hidden folder of homework",
    "hidden file", "name of a hidden file", "name of a private notebook", "private notebook",
    "private page", "private table", "homework not released", "file of homework not released",
    "comment in course.yml", "comment in nbgrader_config.py", "comment in _config.yml",
    "comment in a lesson", "HTML comment in a lesson", "HTML comment in a notebook",
    "HTML comment in homework", "HTML comment in a task",
    "front matter", "comment in front matter", "roster", "extensions", "teams", "record of kit",
    "gradebook", "submission", "graded submission", "feedback", "marks", "name of a file handed in",
)
PLACES = {name: f"Kestrel{number:02d}Heron" for number, name in enumerate(_NAMES)}
STUDIED = {name: f"Osprey{number:02d}Egret" for number, name in enumerate((
    "solution", "hidden test", "model answer", "mark scheme"))}
"""What ps3 publishes for self-study, and nowhere else."""

COURSE = """\
# {comment}
id: planted
title: A planted course
description: Two lessons and three problem sets.
licence: CC-BY-4.0
timezone: Europe/Berlin
parts:
  - title: First part
    lessons: [lessons/numbers, lessons/words]
assignments:
  - {{name: ps1, title: Problem set 1, due: 2027-01-21 23:59}}
  - {{name: ps2, title: Problem set 2}}
  - {{name: ps3, title: Problem set 3, selfstudy: always}}
site:
  repository: https://github.com/org/planted
  hub: https://hub.example.org
  colab: true
"""

NUMBERS = """\
---
file_format: mystnb
# {header}
kernelspec: {{name: python3, display_name: Python 3}}
notes: {matter}
---

# Numbers first

% {comment}

See <!-- {html} --> the table.

:::{{note}}
% {comment}
Prices are in euros. <!-- {html} -->
:::

```{{code-cell}}
import csv
from pathlib import Path
rows = list(csv.DictReader(Path("../data/prices.csv").open()))
print("total", sum(int(row["price"]) for row in rows))
```

```{{code-cell}}
:tags: [instructor-note]
print("{note}")
```
"""

CHECKS = """import autograders as ag
q = ag.Question("word", points=1)
q.add(ag.text("word", "{answer}"))
q.add(ag.number("size", 4711, mistakes={{4712: "{message}"}}))
### BEGIN HIDDEN TESTS
q.add(ag.text("word", ["{hidden}"], mistakes={{"x": "{hidden}"}}), weight=0)
### END HIDDEN TESTS
q.result()"""


def picture(word: str) -> bytes:
    """A picture that says the word in its texts."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    said, buffer = PngInfo(), io.BytesIO()
    said.add_text("Comment", word)
    said.add_text("Packed", word, zip=True)
    Image.new("RGB", (8, 8), "white").save(buffer, "PNG", pnginfo=said)
    return buffer.getvalue()


def _notebook(cells: list[dict[str, Any]], **metadata: Any) -> str:
    ready = [{"id": f"c{place}", **one} for place, one in enumerate(cells)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "cells": ready,
                       "metadata": {"kernelspec": kernel, **metadata}})


def _tagged(made: dict[str, Any], *tags: str, **metadata: Any) -> dict[str, Any]:
    made["metadata"] |= {"tags": list(tags), **metadata}
    return made


def _homework(said: dict[str, str]) -> list[dict[str, Any]]:
    """The four kinds of questions, with these words for what is hidden."""
    return [
        cell("text", "# A word\n\nSay it. Save nothing."),
        cell("answer", "### BEGIN SOLUTION\n"
             f"word = '{said['solution']}'[:0] + '{said['expected']}'\nsize = 4711\n"
             "### END SOLUTION", "word"),
        cell("test", CHECKS.format(answer=said["expected"], message=said["message"],
                                   hidden=said["hidden test"]), "word-test", 1),
        cell("manual", f"Because {said['model answer']}.", "why", 1),
        cell("task", f"Draw.\n\n### BEGIN MARK SCHEME\n{said['mark scheme']}\n"
             "### END MARK SCHEME", "draw", 1),
    ]


def _first(words: dict[str, str]) -> list[dict[str, Any]]:
    made = _homework({**words, "expected": words["expected value of a check"],
                      "message": words["message of a known mistake"]})
    answer, manual = made[1], made[3]
    made[0]["source"] += f"\n\n<!-- {words['HTML comment in homework']} -->"
    made[4]["source"] += f"\n<!-- {words['HTML comment in a task']} -->"
    answer["source"] = answer["source"].replace(
        "### END", "figure = 'drawn.png'\nif False:\n    plot.savefig('drawn.png')\n### END")
    answer["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": words["output of a solution"]},
        {"output_type": "display_data", "metadata": {}, "data": {
            "image/png": base64.b64encode(picture(words["picture of a solution"])).decode()}}]
    _tagged(answer, words["tag of a cell"], mine={"deep": [words["metadata of a cell"]]})
    manual["source"] += f"\n\n![{words['alt text of a model answer']}](attachment:a.png)"
    manual["attachments"] = {"a.png": {"image/png": base64.b64encode(
        picture(words["attachment of a model answer"])).decode()}}
    return [*made, _tagged(cell("text", words["note in homework"]), "instructor-note"),
            _tagged(cell("code", f"word = '{words['wrong answer']}'"), "wrong-answer")]


def _lesson(words: dict[str, str]) -> str:
    shown = cell("text", f"# Words\n\nRead. <!-- {words['HTML comment in a notebook']} -->")
    shown["attachments"] = {"b.png": {"image/png": base64.b64encode(
        picture(words["attachment that a lesson does not show"])).decode()}}
    code = _tagged(cell("code", "print(1 + 1)"), words["tag of a lesson's cell"], "hide-output",
                   mine=words["metadata of a lesson's cell"])
    code["outputs"] = [{"output_type": "stream", "name": "stdout",
                        "text": words["old output of a lesson"]}]
    note = _tagged(cell("text", f"# {words['note in a lesson']}"), "instructor-note")
    return _notebook([note, shown, code], notes=words["metadata of a lesson"])


def write_planted(root: Path) -> Course:
    """The course, with each word of `PLACES` and `STUDIED` in its place; nothing is released."""
    words = PLACES
    files: dict[str, str | bytes] = {
        "course.yml": COURSE.format(comment=words["comment in course.yml"]),
        "nbgrader_config.py": f"c = get_config()\n# {words['comment in nbgrader_config.py']}\n",
        "_config.yml": f"# {words['comment in _config.yml']}\ntitle: Planted\n",
        "lessons/numbers.md": NUMBERS.format(
            comment=words["comment in a lesson"], html=words["HTML comment in a lesson"],
            note=words["note in a lesson of text"], matter=words["front matter"],
            header=words["comment in front matter"]),
        "lessons/words.ipynb": _lesson(words),
        "data/prices.csv": "item,price\ntea,3\ncake,4\n",
        "source/ps1/word.ipynb": _notebook(_first(words), notes=words["metadata of a notebook"]),
        "source/ps1/drawn.png": picture(words["drawn by a solution"]),
        "source/ps1/table.csv": "x\n1\n",
        "source/ps1/.notes.txt": words["hidden file of homework"],
        f"source/ps1/.{words['name of a hidden file']}": "x",
        "source/ps1/.drafts/plan.txt": words["hidden folder of homework"],
        "source/notes.txt": words["file in source"],
        "source/ps2/word.ipynb": _notebook([cell("text", words["homework not released"])]),
        "source/ps2/table.csv": words["file of homework not released"],
        "source/ps3/word.ipynb": _notebook(_homework({
            **STUDIED, "expected": STUDIED["solution"], "message": STUDIED["solution"]})),
        ".secrets": words["hidden file"],
        "drafts/exam.ipynb": _notebook([cell("text", words["private notebook"])]),
        f"drafts/{words['name of a private notebook']}.ipynb": _notebook([cell("text", "x")]),
        "drafts/plan.md": f"# {words['private page']}\n",
        "drafts/prices.csv": words["private table"],
        "roster.csv": f"id,first_name,last_name\nlearner-0042,{words['roster']},\n"
                      f"{words['extensions']},,\n",
        "extensions.csv": f"learner,assignment,due\n{words['extensions']},ps1,2027-01-30 23:59\n",
        "teams.csv": f"assignment,team,learner\nps1,{words['teams']},learner-0042\n",
        ".kit/notes/record.json": json.dumps({"note": words["record of kit"]}),
        "submitted/learner-0042/ps1/word.ipynb": _notebook([cell("text", words["submission"])]),
        f"submitted/learner-0042/ps1/{words['name of a file handed in']}.csv": "x",
        "autograded/learner-0042/ps1/word.ipynb": words["graded submission"],
        "feedback/learner-0042/ps1/word.html": words["feedback"],
        "marks/ps1/grader-1/marks.csv": words["marks"],
    }
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    with sqlite3.connect(root / "gradebook-old.db") as book:
        book.execute("create table marks (word)")
        book.execute("insert into marks values (?)", (words["gradebook"],))
    return load_course(root)
