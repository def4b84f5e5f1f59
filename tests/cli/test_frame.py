"""The frame of the command: help, unknown names, errors without a traceback."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from kit.cli.main import COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_help_states_what_it_does_and_an_example(kit, name: str) -> None:
    code, out, err = kit(name, "--help")
    assert code == 0
    assert err == ""
    assert f"kit {name}" in out.split("Options:")[0].split("Usage:")[1]
    assert "Example" in out
    assert f"kit {name}" in out.split("Example")[1]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_file(name: str) -> None:
    module = import_module(f"kit.cli.{name}")
    assert module.command.name == "command" or module.command.name == name


SHARED = ("changes", "differences", "explaining", "main", "options", "terminal")
"""What commands are made with."""


def test_every_file_of_a_command_is_in_the_table(repository: Path) -> None:
    files = {path.stem for path in (repository / "kit" / "cli").glob("*.py")}
    assert files - {*SHARED, "__init__"} == set(COMMANDS)


def test_the_help_lists_every_command(kit) -> None:
    _, out, _ = kit("--help")
    for name, (_, line) in COMMANDS.items():
        assert f"  {name} " in out
        assert line[:40] in " ".join(out.split())


def test_an_unknown_command_names_the_nearest(kit) -> None:
    code, _, err = kit("relaese")
    assert code == 2
    assert "nearest: release" in err


@pytest.mark.parametrize("name", ["check", "build", "status", "grades", "preview", "roster"])
def test_outside_a_course_the_error_says_what_to_do(kit, tmp_path, monkeypatch, name) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = kit(name)
    assert code == 1
    assert "there is no course.yml here or above" in err
    assert "kit new" in err


@pytest.mark.parametrize("name", ["release", "collect", "grade", "feedback", "marks", "simulate"])
def test_an_unknown_assignment_names_the_nearest(kit, tree, monkeypatch, name) -> None:
    root = tree({"course.yml": "id: c\ntitle: C\nassignments: [{name: ps1}, {name: exam}]\n"})
    monkeypatch.chdir(root)
    arguments = {"marks": ["split", "ps2", "--graders", "2"],
                 "collect": ["ps2", str(root)]}.get(name, ["ps2"])
    code, _, err = kit(name, *arguments)
    assert code == 1
    assert "no assignment named 'ps2'" in err
    assert "ps1" in err
