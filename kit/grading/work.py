"""The files of one submission, on their way through the runs of its notebooks.

A box gets copies of them, so none is laid out for it: what a run leaves comes into a folder of its
own and stands over what was there. Without boxes all runs work in one folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kit.course.submitted import RESERVED
from kit.grading import folder as folders
from kit.model import Repair

_CODE = frozenset({".py", ".pyc", ".pyd", ".so", ".pth", ".zip"})
"""What could be imported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The files before a run, by their names: `files`; those of the author are in `theirs`.

    All that is made on the way lies in `base`, which need not be there. Each run sees a folder of
    this `name`. `runs` were before.
    """

    base: Path
    name: str
    files: Mapping[str, Path]
    theirs: Mapping[str, Path]
    boxed: bool
    runs: int = 0

    @property
    def folder(self) -> Path:
        """Where the run works, or, in a box, where what it leaves is put."""
        return self.base / str(self.runs) / self.name

    @property
    def given(self) -> Mapping[str, Path] | None:
        """The files for a box; None where they lie in the folder."""
        return self.files if self.boxed else None

    @property
    def alike(self) -> bool:
        """Whether the files beside notebooks are the author's, all of them and no others but
        what nbgrader's exchange writes."""
        return {name: path for name, path in self.files.items()
                if name not in RESERVED and not name.endswith(folders.NOTEBOOK)} == self.theirs

    def prepare(self) -> None:
        """Make the folder as it was before the run."""
        folders.remove(self.folder)
        if not self.boxed:
            folders.lay(self.files, self.folder)

    def another(self) -> Path:
        """A second folder for the run, of the same name."""
        target = self.base / "again" / self.name
        if not self.boxed:
            folders.remove(target)
            folders.lay(self.files, target)
        return target

    def after(self) -> Work:
        """The files as the run left them."""
        if not self.boxed or not self.folder.exists():
            return self
        left = folders.left_in(self.folder)
        return replace(self, files=folders.over(self.files, left), runs=self.runs + 1)

    def for_tests(self, authors: Path, keep: frozenset[str]) -> Path:
        """The folder of the author's files, with those of the learner that the author lets stand
        in their place, `keep`; code of a learner is none of them."""
        kept = [name for name in keep if name in self.files and Path(name).suffix not in _CODE]
        if not kept:
            return authors
        target = self.base / "tests" / str(self.runs) / self.name
        shutil.copytree(authors, target, dirs_exist_ok=True)
        for name in kept:
            folders.remove(target / name)
            folders.copy(self.files[name], target / name)
        return target

    def hand_over(self, target: Path, notebooks: frozenset[str]) -> None:
        """Put the files into a folder that is there, for reading; but for `notebooks` (names at
        the top)."""
        files = self.files
        if not self.boxed:
            if self.folder.is_symlink():  # the run took its own folder away
                folders.remove(self.folder)
            folders.make_safe(self.folder)
            files = folders.left_in(self.folder)
        for name, path in files.items():
            if name.partition("/")[0] in notebooks:
                continue
            if path.is_relative_to(self.base):
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.move(path, target / name)
                (target / name).chmod(folders.READ_ONLY)
            else:
                folders.copy(path, target / name, link=self.theirs.get(name) == path,
                             mode=folders.READ_ONLY)


def work_of(
    submission: Path, theirs: Mapping[str, Path], base: Path, name: str, *,
    known: frozenset[str], keep: frozenset[str], ignore: tuple[str, ...], boxed: bool,
) -> tuple[Work, list[Repair]]:
    """A learner's files with the author's over them, `theirs`, but for those in `keep`; what was
    left out is told. `known` and `ignore` as in `folder.found`."""
    repairs: list[Repair] = []
    files = folders.over(
        folders.found(submission, repairs, ignore=ignore, known=known),
        {at: path for at, path in theirs.items() if at not in keep})
    work = Work(base=base, name=name, files=files, theirs=theirs, boxed=boxed)
    if not boxed:
        work.prepare()
    return work, repairs
