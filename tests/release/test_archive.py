"""The zip can be used as its own README says."""

from __future__ import annotations

import re
import zipfile
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from kit.course.scaffold import template_names, templates_folder
from kit.errors import ReleaseError
from kit.release import read_release
from kit.release.archive import write_archive


def contents(course, assignment):
    made = write_archive(course, assignment, read_release(course, assignment),
                         course.root / "release" / assignment.name)
    with zipfile.ZipFile(made) as archive:
        return {Path(name).name: archive.read(name).decode() for name in archive.namelist()
                if name.endswith((".md", ".txt"))}


def names(requirements):
    return [re.split(r"[\s<>=!~;\[]", line)[0].casefold() for line in requirements.splitlines()
            if line and not line.startswith(("#", "-"))]


def called(readme):
    """The distributions whose commands a README tells to type."""
    commands = re.findall(r"`([^`]+)`", readme)
    scripts = {script.name: script.dist.name for script in entry_points(group="console_scripts")}
    found = set()
    for command in commands:
        program, *rest = command.split()
        if program == "jupyter":
            found.add(scripts[f"jupyter-{rest[0]}"])
        elif program in scripts and program != "python":
            found.add(scripts[program])
    return found


@pytest.mark.parametrize("own", [
    None, "", "# nothing yet\n", "pandas", "pandas\nCourseWright >= 0\n", "jupyter\n",
    "notebook<8\ncoursewright[author]\n", "\ufeffpandas\n"])
def test_what_the_readme_calls_is_required(released, ps1, own):
    if own is not None:
        (released.root / "requirements.txt").write_text(own, encoding="utf-8")
    made = contents(released, ps1)
    assert called(made["README.md"]) == {"coursewright", "notebook"}
    required = names(made["requirements.txt"])
    assert {"coursewright", "numpy"} <= set(required)
    assert {"notebook", "jupyter"} & set(required)
    assert len(required) == len(set(required))
    for line in (own or "").lstrip("\ufeff").splitlines():
        assert line in made["requirements.txt"].splitlines()


def test_an_assignments_own_requirements_win_and_are_completed(released, ps1):
    (released.root / "requirements.txt").write_text("pandas\n", encoding="utf-8")
    (released.root / "release/ps1/requirements.txt").write_text("sympy\n", encoding="utf-8")
    required = names(contents(released, ps1)["requirements.txt"])
    assert required == ["sympy", "coursewright", "notebook", "numpy"]


def test_requirements_that_are_no_text_are_named(released, ps1):
    (released.root / "requirements.txt").write_bytes(b"caf\xe9\n")
    with pytest.raises(ReleaseError, match="not UTF-8 text"):
        contents(released, ps1)


@pytest.mark.parametrize("template", template_names())
def test_each_template_requires_what_its_readme_and_the_zips_call(template):
    text = (templates_folder() / template / "requirements.txt").read_text(encoding="utf-8")
    assert {"coursewright", "notebook"} <= set(names(text))
