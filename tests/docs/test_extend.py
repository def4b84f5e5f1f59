"""Follow docs/extend.md to the letter: a package with a check, an exporter and a checker, a
template."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import doc_pages as pages
import pytest

WALK = (pages.DOCS / "extend.md").read_text(encoding="utf-8")
Kit = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages and templates of this checkout in a folder that may be changed."""
    folder = tmp_path_factory.mktemp("checkout")
    leave = shutil.ignore_patterns("node_modules", "vendor", "frontend")
    for name in ("kit", "autograders", "course_template"):
        shutil.copytree(pages.REPOSITORY / name, folder / name, ignore=leave)
    return folder


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The walk's package as an installer lays it out: the module and its entry points."""
    folder = tmp_path_factory.mktemp("site-packages")
    project = tomllib.loads(pages.blocks(WALK, "toml")[0])["project"]
    for module in pages.blocks(WALK, "python"):
        name = module.split("\n", 1)[0].removeprefix("# ").split(",")[0]
        with (folder / name).open("a", encoding="utf-8") as stream:
            stream.write(module)
    info = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    lines = [line for group, entries in project["entry-points"].items()
             for line in (f"[{group}]", *(f"{name} = {target}"
                                          for name, target in entries.items()))]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="module")
def run(checkout: Path, installed: Path) -> Kit:
    """Run `kit` as installed beside the walk's package, in the copied checkout."""
    environment = {**os.environ, "NO_COLOR": "1",
                   "PYTHONPATH": os.pathsep.join(map(str, (checkout, installed)))}

    def call(line: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        assert line in list(pages.typed(WALK)), f"the walk does not show {line!r}"
        return subprocess.run([sys.executable, "-m", "kit", *pages.words(line)], cwd=cwd,
                              env=environment, capture_output=True, text=True, check=False,
                              timeout=300)

    return call


@pytest.fixture(scope="module")
def course(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course made from the blank template, released, with two on its roster."""
    from kit.course.scaffold import scaffold
    from kit.workflow import release

    made = scaffold("blank", tmp_path_factory.mktemp("course") / "blank-101",
                    {"start": "2026-01-05"})
    (made.root / "roster.csv").write_text(
        "id,last_name,first_name\nlearner-0042,,\nlearner-0043,,\n")
    release(made, made.assignments[0], force=True)
    return made.root


def test_the_check_finds_and_explains(run: Kit, course: Path) -> None:
    found = run("kit check", course)
    assert "W901  there is no section Further reading" in found.stdout, found.stderr
    assert "end the lesson with two texts" in found.stdout
    assert found.returncode == 0
    explained = run("kit check --explain W901", course)
    assert explained.stdout.startswith("W901   warning: a lesson names no further reading")
    assert "one\nfor who is lost" in explained.stdout


def test_the_exporter_writes_its_file(run: Kit, course: Path) -> None:
    done = run("kit grades --export registrar", course)
    assert done.returncode == 0, done.stderr
    written = (course / "grades-registrar.csv").read_text(encoding="utf-8").splitlines()
    assert written == ["number,percent,grade", "learner-0042,0,", "learner-0043,0,"]


SEALED = """
import autograders as ag
from autograders.sealed import packed, seal_of
from house_checkers import shares

seal = packed(seal_of(shares("weights").handout(), b"salt", counts=True))
for weights in ([0.5, 0.5], [0.5, 0.4], [2, -1]):
    print(ag.sealed("shares", "weights", seal).examine({"weights": weights}).state)
"""


def test_the_checker_is_held_to_its_golden_case(checkout: Path, installed: Path) -> None:
    test, learner = pages.blocks(WALK, "py")
    tests = checkout / "tests" / "autograders"
    shutil.copytree(pages.REPOSITORY / "tests" / "autograders", tests,
                    ignore=shutil.ignore_patterns("golden", "pyodide", "__pycache__"))
    cases = {"missing-share": learner, "right": "weights = (0.5, 0.5)", "text": "weights = '1'",
             "too-large": "weights = [2, -1]"}
    assert "`tests/autograders/golden/shares/`" in WALK
    for name, cell in cases.items():
        folder = tests / "golden" / "shares" / name
        folder.mkdir(parents=True)
        (folder / "test.py").write_text(test, encoding="utf-8")
        (folder / "learner.py").write_text(cell, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (checkout, installed)))}
    written, = (line for line in WALK.splitlines() if line.startswith("$ python tests/autograders"))
    subprocess.run([sys.executable, *written.split()[2:]], cwd=checkout, env=environment,
                   check=True)
    golden = tests / "golden" / "shares"
    results = {name: json.loads((golden / name / "result.json").read_text(encoding="utf-8"))
               for name in cases}
    assert {name: (one["points"], one["tags"]) for name, one in results.items()} == {
        "missing-share": (1.0, ["sum"]), "right": (2.0, []), "text": (0.0, ["type"]),
        "too-large": (0.0, ["range"])}
    assert "The shares add up to 0.9. What is missing?" in results["missing-share"]["text"][1]
    handed_out = subprocess.run([sys.executable, "-c", SEALED], env=environment, text=True,
                                capture_output=True, check=True, cwd=checkout)
    assert handed_out.stdout.split() == ["passed", "partial", "failed"]
    held = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/autograders",
         "-k", "golden and shares", "--ignore-glob=*/test_[!g]*"],
        cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    assert "4 passed" in held.stdout, held.stdout


@pytest.mark.slow
def test_the_template_can_be_made_and_is_sound(run: Kit, checkout: Path) -> None:
    copy, = (line for line in WALK.splitlines() if line.startswith("$ cp -r "))
    subprocess.run(copy.removeprefix("$ ").split(), cwd=checkout, check=True)
    lesson = checkout / "course_template" / "seminar" / "lessons" / "first-lesson.md"
    assert f"`{lesson.relative_to(checkout).as_posix()}`" in WALK
    lesson.write_text(pages.blocks(WALK, "md")[0], encoding="utf-8")
    made = run("kit new trial --template seminar", checkout)
    assert made.returncode == 0, made.stderr
    assert "What a seminar is for" in (checkout / "trial/lessons/first-lesson.ipynb").read_text()
    sound = run("kit check --course trial", checkout)
    assert sound.stdout == "0 errors, 0 warnings in 2 notebooks\n", sound.stderr


def test_the_kit_itself_is_extended_where_the_walk_says() -> None:
    project = tomllib.loads((pages.REPOSITORY / "pyproject.toml").read_text())["project"]
    places = ("kit/check", "kit/gradebook/exporters.py", "tests/check", "tests/gradebook",
              "autograders/__init__.py", "tests/autograders/golden", "docs/make_reference.py")
    for place in places:
        assert f"`{place}" in WALK or f"python {place}" in WALK
        assert (pages.REPOSITORY / place).exists()
    for group in ("kit.checks", "kit.exporters", "kit.late_policies", "kit.engines"):
        assert f"`{group}`" in WALK or f'"{group}"' in WALK
        assert group in project["entry-points"]
