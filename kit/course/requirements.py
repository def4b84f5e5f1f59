"""What a learner installs: the course's requirements, completed and pinned to what is here.

Only names that pip itself reads from an index are pinned; what an author wrote otherwise (an exact
version, an address, an option) stays as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from kit.model import Course
from kit.notebook import decode

README_CALLS = ("coursewright", "notebook>=7")
"""What gives the commands that a README names: `kit` and `jupyter notebook`."""

PACKAGES = {
    "autograders": "coursewright", "kit": "coursewright", "sklearn": "scikit-learn",
    "skimage": "scikit-image", "cv2": "opencv-python", "PIL": "pillow", "yaml": "pyyaml",
    "bs4": "beautifulsoup4", "dateutil": "python-dateutil", "docx": "python-docx",
}
"""Where the package on PyPI is not called as what is imported."""

_MODULES = {package: module for module, package in PACKAGES.items() if module != "kit"}
_INTERFACES = frozenset({"jupyter", "jupyterlab", "notebook"})
_NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")


def own_requirements(*folders: Path) -> str:
    """The text of the first `requirements.txt` in these folders; "" where there is none.

    Raises NotebookError where it is not text.
    """
    for folder in folders:
        path = folder / "requirements.txt"
        if path.is_file() and not path.is_symlink():
            return decode(path.read_bytes(), name=path.name)
    return ""


def completed(course: Course, own: str) -> str:
    """The requirements of `own`, and what else the notebooks and a README need, pinned."""
    lines = [pinned(line) for line in own.splitlines()]
    there = {name for line in lines if (name := name_of(line))}
    if "jupyter" in there:
        there.add("notebook")  # the one brings the other
    missing = [pinned(line) for line in dict.fromkeys((*README_CALLS, *course.packages))
               if name_of(line) not in there]
    return "\n".join([*(lines if own.strip() else []), *_once(missing)]) + "\n"


def for_notebooks(requirements: str) -> tuple[str, ...]:
    """The lines that a notebook needs where Jupyter runs already: no comments, no interface."""
    lines = (line.split(" #")[0].strip() for line in requirements.splitlines())
    return tuple(line for line in lines
                 if (name := name_of(line)) and name not in _INTERFACES)


def pinned(line: str) -> str:
    """The line with the version that is installed here, where it allows that version.

    A line that is no plain requirement, one that says an exact version, and one of a package that
    is not installed here stay as they are.
    """
    from packaging.requirements import InvalidRequirement, Requirement

    text, mark, comment = line.partition(" #")
    try:
        said = Requirement(text.strip())
    except InvalidRequirement:
        return line
    exact = any(one.operator in ("==", "===") for one in said.specifier)
    version = _installed(said.name)
    if said.url or exact or not version or not said.specifier.contains(version, prereleases=True):
        return line
    extras = f"[{','.join(sorted(said.extras))}]" if said.extras else ""
    marker = f"; {said.marker}" if said.marker else ""
    return f"{said.name}{extras}=={version}{marker}{mark}{comment}"


def python_needed(requirements: str) -> str:
    """The lowest Python that the pinned versions run on, as `3.11`; "" where none is said."""
    from packaging.specifiers import SpecifierSet

    lowest: list[tuple[int, ...]] = []
    for line in requirements.splitlines():
        name = name_of(line)
        if not name or "==" not in line or not _installed(name):
            continue
        said = metadata(name).get_all("Requires-Python") or [""]
        for one in SpecifierSet(said[0]):
            if one.operator in (">=", ">", "~=", "=="):
                found = re.match(r"(\d+)\.(\d+)", one.version)
                lowest += [(int(found[1]), int(found[2]))] if found else []
    return ".".join(map(str, max(lowest))) if lowest else ""


def name_of(line: str) -> str:
    """The package that a line names, as package indexes compare names; "" where it names none."""
    found = _NAME.match(line)
    return re.sub(r"[-_.]+", "-", found[1]).casefold() if found else ""


def modules_of(packages: Iterable[str]) -> tuple[str, ...]:
    """What a notebook imports of packages that are named as in requirements.txt."""
    found = {_MODULES.get(name, name.replace("-", "_")) for name in map(name_of, packages) if name}
    if "matplotlib" in found:
        found |= {"numpy", "matplotlib.pyplot"}
    return tuple(sorted(found))


def _once(lines: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for line in lines:
        name = name_of(line)
        if name not in seen:
            seen.add(name)
            yield line


def _installed(name: str) -> str:
    """The version that is installed here; "" where none is, or none that an index could have."""
    try:
        version = metadata(name)["Version"]
    except PackageNotFoundError:
        return ""
    return "" if not version or "+" in version or ".dev" in version else str(version)
