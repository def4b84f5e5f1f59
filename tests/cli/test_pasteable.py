"""What is printed for the user to type can be pasted: names with spaces are quoted."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from tinycourse import homework

from kit.cli.main import cli, run
from kit.errors import typed

Kit = Callable[..., tuple[int, str, str]]

NAME = "Problem Set 1"
COURSE = f"""\
id: tiny
title: Tiny
start: 2027-01-11
assignments:
  - {{name: {NAME}, due: 2027-01-21 23:59}}
  - {{name: Problem Set 2}}
"""
WALK = (
    ("status",),
    ("check", NAME),
    ("release", NAME),
    ("simulate", NAME, "--count", "3", "--to", "hand ins"),
    ("release", NAME, "--force"),
    ("grade", NAME),
    ("status", NAME),
    ("collect", NAME, "hand ins"),
    ("collect", NAME, "strangers", "--received-at", "2027-01-20 12:00"),
    ("status",),
    ("grade", NAME),
    ("grade", NAME, "--diff"),
    ("grade", NAME, "--diff", "--void", "double-test"),
    ("status",),
    ("marks",),
    ("marks", "split", NAME, "--graders", "1"),
    ("marks", "import", NAME, f"marks/{NAME}/grader-1/marks.csv"),
    ("grades",),
    ("grades", NAME),
    ("grades", NAME, "--export", "csv"),
    ("review", NAME),
    ("feedback", NAME),
    ("feedback", NAME, "--for", "moodle"),
    ("marks", "split", "Problem Set 2", "--graders", "1"),
    ("add", "question", NAME, "Another mean"),
    ("release", NAME),
    ("reschedule", "--start", "2028-01-10", "--dry-run", "--extensions"),
    ("roster", "import", "more people.csv", "--dry-run"),
    ("simulate", "Problem Set 2", "--count", "3"),
    ("grade", "Problem Set 2"),
    ("feedback", "Problem Set 2"),
    ("collect", "Problem Set 2"),
)
NOT_RUN = ("build", "check", "preview")  # slow, or without an end; tried elsewhere


def make(root: Path) -> Path:
    source = root / "source" / NAME / "doubling it.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(json.dumps(homework()), encoding="utf-8")
    (root / "source" / "Problem Set 2").mkdir()
    (root / "source" / "Problem Set 2" / "p.ipynb").write_text(json.dumps(homework()))
    stranger = root / "strangers" / "No Body" / NAME
    stranger.mkdir(parents=True)
    (stranger / "doubling it.ipynb").write_text(json.dumps(homework()))
    (root / "more people.csv").write_text("id,first_name\nlearner-0099,\n")
    (root / "course.yml").write_text(COURSE, encoding="utf-8")
    return root


def call(*words: str) -> tuple[int, str]:
    """Exit code, and everything that is printed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        code = run(list(words))
    return code, printed.getvalue()


@pytest.fixture(scope="module")
def offered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Each command that the walk prints, with the command that printed it."""
    root = make(tmp_path_factory.mktemp("walk") / "my course")
    found: dict[str, str] = {}
    with contextlib.chdir(root):
        for words in WALK:
            code, text = call(*words)
            assert code in (0, 1), text
            assert "Traceback" not in text
            found |= dict.fromkeys(commands(text), typed("kit", *words))
    return found


def commands(text: str) -> Iterator[str]:
    """The commands below `Next` and in hints of errors."""
    for line in text.splitlines():
        step = re.match(r"(?:Next|    )  ((?:kit|open|jupyter|cd) .*?) {3,}\S", line)
        hint = re.search(r"(?:^ {8}|: )(kit .+)$", line)
        if step or hint:
            yield (step or hint)[1]  # type: ignore[index]


def as_the_shell(line: str) -> list[str]:
    """The words of a line; a wildcard becomes what it finds, if anything."""
    return [found for word in shlex.split(line)
            for found in (sorted(map(str, Path().glob(word))) if "*" in word else ()) or [word]]


def contexts(words: list[str]) -> Iterator[click.Context]:
    """Each context of a command line, as click parses it."""
    context, rest = click.Context(cli, info_name="kit"), words[1:]
    command: click.Command = cli
    while isinstance(command, click.Group) and rest:
        _, inner, rest = command.resolve_command(context, rest)
        assert inner is not None
        command = inner
    yield command.make_context(command.name, list(rest), parent=context)


def test_the_walk_prints_every_kind_of_step(offered: dict[str, str]) -> None:
    begun = {" ".join(shlex.split(line)[:2]) for line in offered}
    assert begun >= {"kit release", "kit collect", "kit grade", "kit review", "kit marks",
                     "kit feedback", "kit grades", "kit check", "kit reschedule", "kit roster",
                     "jupyter lab"}
    assert any(line.startswith("open ") for line in offered)
    assert len(offered) >= 20


def test_every_command_that_is_printed_parses_and_names_what_is_there(
    offered: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(make(tmp_path / "my course"))
    for line, by in offered.items():
        words = as_the_shell(line)
        if words[0] != "kit":
            assert len(words) == 2 + (words[0] == "jupyter"), (line, by)
            continue
        if "marks" in words and "import" in words:
            assert words[-1] == f"marks/{NAME}/*/marks.csv"
            continue
        for context in contexts(words):
            named = context.params.get("assignment")
            assert named in (None, NAME, "Problem Set 2"), (line, by)


def test_every_command_that_is_printed_runs(
    offered: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(make(tmp_path / "my course"))
    for words in WALK[2:4]:
        call(*words)
    for line, by in offered.items():
        words = as_the_shell(line)
        if words[0] != "kit" or words[1] in NOT_RUN or re.search(r"\b[A-Z]{4,}\b", line):
            continue
        code, text = call(*words[1:])
        assert code in (0, 1), (line, by, text)
        assert "named" not in text, (line, by, text)


def test_a_course_that_was_named_is_named_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path / "my course")
    monkeypatch.chdir(tmp_path)
    _, text = call("release", NAME, "--course", "my course", "--force")
    assert f"kit collect '{NAME}' DOWNLOADS --course 'my course'" in text
    _, text = call("simulate", NAME, "--count", "2", "--course", "my course")
    [line] = commands(text)
    code, text = call(*shlex.split(line)[1:])
    assert code == 0, text
    assert "2 learners handed in" in text


def test_a_course_that_is_named_before_a_subcommand_holds_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path / "my course")
    monkeypatch.chdir(tmp_path)
    code, text = call("marks", "--course", "my course", NAME)
    assert code == 0, text
    code, text = call("roster", "--course", "my course", "--json", "import",
                      "my course/more people.csv", "--dry-run")
    assert (code, json.loads(text)["written"]) == (0, False)
    monkeypatch.chdir(tmp_path / "my course" / "source")
    _, text = call("simulate", NAME, "--count", "2")
    assert "kit release" in text


def test_a_file_that_hints_at_a_shell_is_quoted() -> None:
    line = typed("kit", "collect", "a b", Path("$(rm -r x)/*"), 2)
    assert shlex.split(line) == ["kit", "collect", "a b", "$(rm -r x)/*", "2"]
    assert "'$(rm -r x)/*'" in line
