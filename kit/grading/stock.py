"""Stock nbgrader in a process of its own: one JSON line in, one out, a submission each.

    python -m kit.grading.stock COURSE_COPY COURSE

The author's configuration, and the modules that it names, come from the course itself. nbgrader
changes the working folder, logs to stderr and leaves event loops behind; none of that belongs
in the process that grades.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from autograders.variants import LEARNER


def main(root: Path, course: Path) -> None:
    """Serve until stdin ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    # nbgrader calls `alembic` by name.
    os.environ["PATH"] = os.pathsep.join(
        (str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    os.chdir(course)
    config = _config(root, course)
    os.chdir(root)
    api = _api(config)
    known: dict[str, Any] = {}
    for line in sys.stdin:
        request = json.loads(line)
        if request["points"] != known:
            known = request["points"]
            _set_points(root, request["assignment"], known)
        answer = _grade(api, root, request["assignment"], request["learner"])
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _config(root: Path, course: Path) -> Any:
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    config = Config()
    sys.path.insert(0, str(course))
    if (course / "nbgrader_config.py").is_file():
        config.merge(PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config())
    sys.path[:] = [str(Path(folder).resolve()) for folder in sys.path]
    # Never the course itself: this is a copy, laid out as nbgrader usually lays a course out.
    for name in ("db_url", "directory_structure", "source_directory", "release_directory",
                 "submitted_directory", "autograded_directory", "feedback_directory"):
        config.CourseDirectory.pop(name, None)
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.db_url = f"sqlite:///{root}/gradebook.db"
    return config


def _api(config: Any) -> Any:
    from nbgrader.apps import NbGraderAPI

    return NbGraderAPI(config=config)


def _set_points(root: Path, assignment: str, points: dict[str, dict[str, float]]) -> None:
    """The release's points: the course's own table has 0 for a question that is void."""
    from nbgrader.api import Gradebook, MissingEntry

    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        for notebook, cells in points.items():
            for name, most in cells.items():
                try:
                    gradebook.find_graded_cell(name, notebook, assignment).max_score = most
                except MissingEntry:
                    continue
        gradebook.db.commit()


def _grade(api: Any, root: Path, assignment: str, learner: str) -> dict[str, Any]:
    # Kernels inherit it. The folder tells as well, but a learner's code may go elsewhere.
    os.environ[LEARNER] = learner
    said = api.autograde(assignment, learner, force=True, create=True)
    answer: dict[str, Any] = {"success": bool(said["success"]), "cells": [], "penalties": {},
                              "log": str(said.get("log") or said.get("error") or "")[-2000:]}
    if said["success"] and not (root / "autograded" / learner / assignment).is_dir():
        return {**answer, "success": False,
                "log": "it left this learner out (CourseDirectory.student_id_exclude)"}
    if said["success"]:
        _read(root, assignment, learner, answer)
    return answer


def _read(root: Path, assignment: str, learner: str, answer: dict[str, Any]) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        for book in gradebook.find_submission(assignment, learner).notebooks:
            answer["cells"] += [
                {"notebook": book.name, "name": grade.name, "max": float(grade.max_score),
                 "auto": grade.auto_score} for grade in book.grades]
            if book.late_submission_penalty is not None:
                answer["penalties"][book.name] = float(book.late_submission_penalty)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
