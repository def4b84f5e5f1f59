"""Which names may become files here: on Linux, macOS and Windows, and in nbgrader."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(\..*)?")
_FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f]')
_LONGEST_PART = 200
_LONGEST_PATH = 400
_DEEPEST = 20

# What systems and editors leave beside a learner's work; never part of it.
_LITTER_FOLDERS = frozenset({"__MACOSX", ".ipynb_checkpoints", "__pycache__", ".git", ".venv",
                             ".vscode", ".idea", ".pytest_cache"})
_LITTER_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", ".directory"})



def problem(name: str) -> str:
    """Why a relative path with `/` cannot be taken, or an empty string."""
    why = escape(name)
    if why:
        return why
    parts = name.split("/")
    if len(parts) > _DEEPEST:
        return "lies in too many folders"
    if len(name) > _LONGEST_PATH:
        return "has too long a path"
    for part in parts:
        why = part_problem(part)
        if why:
            return why
    return ""


def escape(name: str) -> str:
    """Whether a path leads elsewhere than below its folder, as a reason, or an empty string."""
    if not name or name.startswith("/"):
        return "is an absolute path" if name else "has no name"
    if re.match(r"[A-Za-z]:", name):
        return "is an absolute path of Windows"
    if any(part in ("..", ".") for part in name.split("/")):
        return "leads out of its folder"
    return ""


def part_problem(part: str) -> str:
    """Why one component of a path cannot be taken, or an empty string."""
    if not part:
        return "has an empty folder name"
    if len(part.encode("utf-8", "replace")) > _LONGEST_PART:
        return "has too long a name"
    if _FORBIDDEN.search(part):
        return "has a character that Windows does not allow in names"
    if part[-1] in ". ":
        return "ends in a dot or a space, which Windows does not allow"
    if _DEVICES.fullmatch(part):
        return "is the name of a device on Windows"
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") for letter in part):
        return "has an invisible character in its name"
    return ""


def learner_problem(identity: str) -> str:
    """Why a learner's id cannot be a folder of `submitted/`, or an empty string."""
    if any(letter in "/+*" or letter.isspace() for letter in identity) or len(identity) > 100:
        return "has characters that cannot be in a learner's id"
    if identity.startswith("."):
        return "starts with a dot"
    return part_problem(identity)


def litter(name: str) -> bool:
    """Whether a path is what a system or an editor left behind."""
    parts = PurePosixPath(name).parts
    return (
        any(part in _LITTER_FOLDERS for part in parts)
        or (bool(parts) and (parts[-1] in _LITTER_FILES or parts[-1].startswith("._")))
    )


def fold(name: str) -> str:
    """What two names must differ in to be two files on every system."""
    return unicodedata.normalize("NFC", name).casefold()


# Letters that Unicode does not take apart into a base and an accent.
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae",
                          "œ": "oe", "þ": "th", "ð": "d"})


def plain(text: str) -> str:
    """Letters and digits alone, lower case, without accents: how names are compared."""
    folded = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    return "".join(letter for letter in folded if letter.isalnum())
