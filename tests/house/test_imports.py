"""What a learner's kernel loads stays light, and the rooms keep their floors."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PROGRAM = """
import sys
import tomllib
before = set(sys.modules)
import {package}
import importlib.metadata
standard = sys.stdlib_module_names
loaded = {{name.split('.')[0] for name in set(sys.modules) - before}}
print(sorted(loaded - standard - {{'kit', 'autograders'}}))
"""


@pytest.mark.parametrize("package", ["kit", "autograders"])
def test_importing_the_package_loads_nothing_third_party(package: str) -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM.format(package=package)], text=True,
                          capture_output=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_of_the_whole_command_imports_no_room() -> None:
    program = (
        "import sys\n"
        "from kit.cli.main import run\n"
        "run(['--help'])\n"
        "loaded = {name for name in sys.modules if name.startswith('kit.')}\n"
        "heavy = loaded - {'kit.cli', 'kit.cli.main', 'kit.errors', 'kit.later'}\n"
        "print('HEAVY', sorted(heavy), 'rich' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], text=True, capture_output=True,
                          check=True)
    assert done.stdout.splitlines()[-1] == "HEAVY [] False"


def test_the_import_contract_holds(repository: Path) -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=repository, text=True, capture_output=True,
                          check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("contract", "key", "apart"), [
    ("Only the gradebook speaks SQL", "source_modules", {"gradebook", "lesson", "__main__"}),
    ("Lesson components know the checkers alone", "forbidden_modules", {"lesson", "__main__"}),
])
def test_a_contract_that_lists_rooms_lists_all_of_them(
    repository: Path, contract: str, key: str, apart: set[str]
) -> None:
    settings = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    found = next(one for one in settings["tool"]["importlinter"]["contracts"]
                 if one["name"] == contract)
    rooms = {path.stem for path in (repository / "kit").iterdir()
             if path.suffix == ".py" or (path / "__init__.py").exists()} - {"__init__"}
    assert {name.removeprefix("kit.") for name in found[key]} == rooms - apart
