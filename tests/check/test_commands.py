"""The commands check and release as an author meets them."""

from __future__ import annotations

import json
import os
import zipfile

import pytest
from click.testing import CliRunner

from kit.cli.check import command as check_command
from kit.cli.main import run
from kit.cli.release import command as release_command
from kit.errors import CheckFailed


def invoke(command, folder, *args):
    return CliRunner().invoke(command, [*args, "--course", str(folder.root)])


def test_clean_course_exits_with_zero(folder):
    result = invoke(check_command, folder)
    assert (result.exit_code, result.output) == (0, "0 errors, 0 warnings in 3 notebooks\n")


def test_errors_exit_with_one_and_say_where(folder):
    folder.source("test_interest", "150", "151")
    folder.write("lessons/extra.md", "# Extra\n")
    result = invoke(check_command, folder)
    assert result.exit_code == 1
    assert "source/ps1/interest.ipynb\n  error   E201  cell test_interest, line" in result.output
    assert "  warning W302  the lesson is not listed" in result.output
    assert result.output.endswith("1 error, 1 warning in 3 notebooks\n")


def test_warnings_alone_exit_with_zero(folder):
    folder.write("lessons/extra.md", "# Extra\n")
    assert invoke(check_command, folder).exit_code == 0


def test_json_holds_everything(folder):
    folder.source("test_interest", "150", "151")
    result = invoke(check_command, folder, "ps1", "--json")
    found = json.loads(result.output)
    assert (found["errors"], found["warnings"]) == (1, 0)
    assert found["findings"][0]["code"] == "E201"
    assert found["findings"][0]["severity"] == "error"


def test_course_that_cannot_be_read_is_a_finding(folder):
    folder.write("course.yml", "id: [")
    result = invoke(check_command, folder)
    assert result.exit_code == 1
    assert "E101" in result.output


def test_unknown_assignment_names_the_nearest(folder, capsys):
    assert run(["check", "ps2", "--course", str(folder.root)]) == 1
    assert "ps1" in capsys.readouterr().err


def test_explain_tells_what_a_code_means(capsys):
    assert run(["check", "--explain", "e203"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("E203   error: the test passes on an empty answer")
    assert "never looks at what the answer is" in out
    assert run(["check", "--explain", "E999"]) == 1


def test_release_makes_folder_and_zip(folder):
    result = invoke(release_command, folder, "ps1")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("ps1   released: 1 notebook, 8 points\n")
    assert "release/faults-101-ps1.zip" in result.output
    with zipfile.ZipFile(folder.root / "release/faults-101-ps1.zip") as archive:
        assert "ps1/interest.ipynb" in archive.namelist()
    again = json.loads(invoke(release_command, folder, "ps1", "--force", "--json").output)
    assert (again["changes"], again["max_points"], again["notebooks"]) == ([], 8.0, ["interest"])


def test_release_refuses_what_check_finds_unless_forced(folder):
    folder.source("test_interest", "150", "151")
    result = invoke(release_command, folder, "ps1")
    assert isinstance(result.exception, CheckFailed)
    assert "--force" in result.exception.hint
    assert not (folder.root / "release").exists()


@pytest.mark.parametrize("name", ["check", "release", "add"])
def test_help_states_an_example(name, capsys):
    assert run([name, "--help"]) == 0
    assert f"kit {name} " in capsys.readouterr().out


def test_help_does_not_import_what_is_heavy():
    import subprocess
    import sys

    code = ("import sys; from kit.cli.main import run\n"
            "for name in ('check', 'release', 'add'): run([name, '--help'])\n"
            "heavy = {'nbgrader', 'nbformat', 'pydantic', 'pandas'} & set(sys.modules)\n"
            "assert not heavy, heavy")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                          check=False, env=dict(os.environ))
    assert done.returncode == 0, done.stderr
