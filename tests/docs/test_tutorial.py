"""Type the tutorial from top to bottom and compare what is printed with what it shows."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import doc_pages as pages
import pytest

PAGE = (pages.DOCS / "tutorial.md").read_text(encoding="utf-8")
NOT_TYPED = ("pip ", "kit doctor")  # they look at the machine


def steps() -> list[tuple[str, str]]:
    """(command, what the page shows below it), in order."""
    found = []
    for block in pages.blocks(PAGE, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            if not command.startswith(NOT_TYPED):
                found.append((command, shown))
    return found


def agrees(printed: str, shown: str) -> bool:
    """Whether the lines agree but for times and workers; `...` stands for what is left out."""
    pattern = re.escape(shown.rstrip("\n"))
    pattern = re.sub(r"\d+\\ s\b", r"\\d+\\ s(?:econds)?", pattern)
    pattern = re.sub(r"\d+\\ workers", r"\\d+\\ workers?", pattern)
    pattern = pattern.replace(re.escape("..."), r".*?")
    return re.fullmatch(pattern, printed.rstrip("\n"), re.DOTALL) is not None


def mark(file: Path) -> None:
    """What the page asks the reader to do in a spreadsheet."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.DictReader(stream))
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, lines[0].keys())
        writer.writeheader()
        writer.writerows({**line, "mark": "2"} for line in lines)


def test_each_step_prints_what_the_tutorial_shows(
    kit: Callable[..., tuple[int, str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    wrong = []
    for command, shown in steps():
        if command.startswith("cd "):
            monkeypatch.chdir(Path.cwd() / command.removeprefix("cd "))
            continue
        if command.startswith("kit marks import"):
            mark(Path("marks/ps1/grader-1/marks.csv"))
        code, out, err = kit(*pages.words(command))
        printed = out + err if code and shown.startswith("error") else out
        if not agrees(printed, shown):
            wrong.append(f"$ {command}\n{printed}\n--- the page shows\n{shown}")
    assert not wrong, "\n".join(wrong)


def test_the_comparison_would_notice() -> None:
    assert agrees("ps1   12 graded in 7 s\n", "ps1   12 graded in 3 s\n")
    assert not agrees("ps1   11 graded in 3 s\n", "ps1   12 graded in 3 s\n")
    assert agrees("a\nb\nc", "a\n...\nc")
    assert len(steps()) > 12
