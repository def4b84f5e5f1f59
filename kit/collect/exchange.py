"""Where nbgrader's exchange is, as the course's nbgrader_config.py says."""

from __future__ import annotations

import logging
from pathlib import Path

from kit.errors import CollectError, typed
from kit.model import Course

_DEFAULT_ROOT = Path("/usr/local/share/nbgrader/exchange")


def inbound(course: Course, assignment: str) -> Path:
    """The folder into which learners submit.

    Raises CollectError with what to name instead when there is none.
    """
    root = Path(_configured(course) or _DEFAULT_ROOT).expanduser()
    folder = root / course.id / "inbound"
    if folder.is_dir():
        return folder
    there = len(list(course.root.glob(f"submitted/*/{assignment}")))
    grade = typed("kit", "grade", assignment)
    here = f"\nor grade the {there} in submitted/: {grade}" if there else ""
    raise CollectError(
        "there is no nbgrader exchange to collect from", where=str(folder),
        hint="name the folder or zip that you downloaded: "
             f"{typed('kit', 'collect', assignment, 'DOWNLOAD')}{here}",
    )


def _configured(course: Course) -> str | None:
    if not (course.root / "nbgrader_config.py").is_file():
        return None
    from traitlets.config.loader import Config, PyFileConfigLoader

    logger = logging.getLogger(__name__)
    try:
        loader = PyFileConfigLoader("nbgrader_config.py", path=str(course.root))
        config: Config = loader.load_config()
        found = config.get("Exchange", {}).get("root")
    except Exception as error:
        raise CollectError(f"cannot be read: {error}", where="nbgrader_config.py") from error
    logger.debug("exchange root: %s", found)
    return found if isinstance(found, str) else None
