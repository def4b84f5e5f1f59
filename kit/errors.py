"""Every error that the kit raises for something a user can mend.

    KitError
    ├── CourseError        course.yml, roster.csv and the files beside them
    ├── NotebookError      a notebook that cannot be read or is not what nbgrader expects
    ├── TemplateError      a template that cannot be scaffolded
    ├── CheckFailed        `kit check` found errors where a command needs none
    ├── BuildError         a lesson that raises, or a page that Sphinx refuses
    ├── VendorError        packages for pages that cannot be brought
    ├── PublishError       a folder that cannot be published into
    ├── ReleaseError       an assignment that cannot be released as it is
    ├── CollectError       files that cannot be taken as submissions
    ├── GradingError       a run that cannot start; a bad submission never raises it
    ├── GradebookError     gradebook.db cannot be read or written
    ├── MarksError         manual marks that cannot be merged
    ├── ExportError        an exporter that is unknown or cannot write
    ├── MissingExtra       a command whose optional dependencies are not installed
    ├── UnknownName        a name with no match, with the nearest choices
    └── Interrupted        stopped by the user; what is done is kept

Only the command line catches them: message, place, next step, exit code 1.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from difflib import get_close_matches


class KitError(Exception):
    """What happened, where, and what to do next.

    `message` says what happened in one sentence, `where` names the file, line or cell,
    `hint` says what to do next. `exit_code` is what the command line returns.
    """

    exit_code = 1

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders; keyword arguments are lost by the default.
        return (_rebuild, (type(self), self.message, self.where, self.hint))


def _rebuild(kind: type[KitError], message: str, where: str, hint: str) -> KitError:
    error = kind.__new__(kind)
    KitError.__init__(error, message, where=where, hint=hint)
    return error


class CourseError(KitError):
    """`course.yml` or a file beside it says something that cannot be."""


class NotebookError(KitError):
    """A notebook cannot be read, or its nbgrader metadata is not valid."""


class TemplateError(KitError):
    """A template cannot be scaffolded."""


class CheckFailed(KitError):
    """The author's linter found errors where a command needs none."""


class BuildError(KitError):
    """A lesson raised, or the site could not be rendered."""


class VendorError(KitError):
    """Packages for Python in pages cannot be brought from where the author says."""


class PublishError(KitError):
    """A folder cannot be published into as it is."""


class ReleaseError(KitError):
    """An assignment cannot be released as it is."""


class CollectError(KitError):
    """Files cannot be taken as submissions."""


class GradingError(KitError):
    """A grading run cannot start. One bad submission never raises it."""


class GradebookError(KitError):
    """The gradebook cannot be read or written."""


class MarksError(KitError):
    """Manual marks cannot be merged."""


class ExportError(KitError):
    """Grades cannot be exported as asked."""


class MissingExtra(KitError):
    """A command needs an optional dependency that is not installed."""

    def __init__(self, extra: str, *, needs: str) -> None:
        super().__init__(
            f"{needs} is not installed",
            hint=f'install it with: pip install "coursewright[{extra}]"',
        )


class UnknownName(KitError):
    """A name matches nothing; the nearest choices are listed first."""

    def __init__(
        self, kind: str, name: str, choices: Iterable[str], *, where: str = "", hint: str = ""
    ) -> None:
        ordered = nearest(name, choices)
        listed = ", ".join(ordered[:8]) + (", ..." if len(ordered) > 8 else "")
        super().__init__(
            f"no {kind} named {name!r}",
            where=where,
            hint=hint or (f"choose one of: {listed}" if ordered else f"there is no {kind} yet"),
        )


class Interrupted(KitError):
    """The user stopped the work; what was finished is kept."""

    exit_code = 130


def typed(*words: object) -> str:
    """A command as one can paste it into a shell: words with spaces in them are quoted."""
    return shlex.join(map(str, words))


def nearest(name: str, choices: Iterable[str]) -> list[str]:
    """All choices, the ones most like `name` first, the rest in their own order."""
    rest = list(dict.fromkeys(choices))
    close = get_close_matches(name, rest, n=3, cutoff=0.5)
    return [*close, *(choice for choice in rest if choice not in close)]
