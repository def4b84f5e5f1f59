"""The same files handed in by several learners: run once, and given to each."""

from __future__ import annotations

import shutil
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from kit.course.submitted import RESERVED, files
from kit.files import replace_tree
from kit.grading import folder as folders
from kit.grading.job import Job
from kit.grading.penalties import penalized
from kit.model import Score

_MOST = 64
"""How many submissions are remembered; the ones that are handed in most stay."""

_OF_ONE = (b"variant", b"KIT_LEARNER", b"environ", b"getenv", b"JUPYTERHUB", b"timestamp.txt",
           b"submission_secret")
"""What may tell one learner from another."""


@dataclass(slots=True)
class Twins:
    """Grades with `grade`, and gives to a submission of the same files what the first one got.

    `alike` says whether the assignment's own cells do the same for everybody.
    """

    grade: Callable[[Job], Score]
    alike: bool
    _known: OrderedDict[str, tuple[Score, Path]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, job: Job) -> Score:
        """Grade one."""
        digest = job.submission.digest
        if not self.alike or not digest:
            return self.grade(job)
        with self._lock:
            known = self._known.get(digest)
            if known is not None:
                self._known.move_to_end(digest)
        if known is None:
            score = self.grade(job)
            if score.results and _same_for_all(job.submission.folder):
                self._remember(digest, score, job.folder)
            return score
        return _given(job, *known)

    def _remember(self, digest: str, score: Score, folder: Path) -> None:
        with self._lock:
            self._known[digest] = score, folder
            while len(self._known) > _MOST:
                self._known.popitem(last=False)


def _given(job: Job, score: Score, folder: Path) -> Score:
    """The score of the first one as that of another."""
    with replace_tree(job.folder) as beside:
        for path in folder.iterdir():
            if path.is_dir():
                shutil.copytree(path, beside / path.name)
            elif path.name not in RESERVED:
                shutil.copy2(path, beside / path.name)
        for name in RESERVED:
            own = job.submission.folder / name
            if own.is_file() and not own.is_symlink():
                folders.copy(own, beside / name, mode=folders.READ_ONLY)
    return penalized(job, replace(
        score, learner=job.submission.learner, received_at=job.submission.received_at,
        late_seconds=job.late_seconds, graded_at=datetime.now(UTC), seconds=0.0))


def same_for_all(texts: Iterable[str]) -> bool:
    """Whether cells with these texts do the same, whoever the learner is."""
    return not any(_is_of_one(text.encode("utf-8", "replace")) for text in texts)


def _same_for_all(folder: Path) -> bool:
    return not any(_is_of_one(Path(entry.path).read_bytes()) for name, entry in files(str(folder))
                   if name.endswith((".ipynb", ".py")))


def _is_of_one(text: bytes) -> bool:
    return any(one in text for one in _OF_ONE)
