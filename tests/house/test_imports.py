"""What a learner's kernel loads stays light, and the rooms keep their floors."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
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
        "heavy = loaded - {'kit.cli', 'kit.cli.main', 'kit.errors'}\n"
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
