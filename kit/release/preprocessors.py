"""nbgrader preprocessors of a release that hands out no answer, in stock nbgrader's as in ours.

The derived `nbgrader_config.py` names them: `KeepSolution` before solutions are cleared,
`SealTests` and `DropComments` after the hidden tests are (and so after SaveCells: the gradebook
keeps the full tests and texts). `c.SealTests.enabled = False` hands the tests out as they are
written, `c.DropComments.enabled = False` the texts.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor

from kit import notebook as nb
from kit.course.public import without_comments
from kit.release.pipeline import TROUBLES
from kit.release.seal import reseal

SOLUTION = "kit_solution"
"""Entry of the resources: the solved notebook."""


class KeepSolution(NbGraderPreprocessor):  # type: ignore[misc]
    """Keeps the solved notebook for `SealTests`; changes nothing."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Keep the notebook in the resources."""
        resources[SOLUTION] = json.dumps(nb)
        return nb, resources


class SealTests(NbGraderPreprocessor):  # type: ignore[misc]
    """Replaces checks by what of them may reach learners; see `kit.release.seal`."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Seal each cell that makes a question."""
        solved = resources.pop(SOLUTION, None)
        sealed = _resealed(nb, solved, resources)
        for place, source in sealed.sources.items():
            nb.cells[place].source = source
        told = {nb.cells[place].metadata.get("nbgrader", {}).get("grade_id", str(place + 1)): why
                for place, why in sealed.troubles.items()}
        for name, why in told.items():
            self.log.warning("Test %s is handed out without checks: %s", name, why)
        resources[TROUBLES] = told
        return nb, resources


class DropComments(NbGraderPreprocessor):  # type: ignore[misc]
    """Takes HTML comments out of texts: no reader sees them, so they are the author's notes.

    In a cell for an answer they are seen by whoever writes in it, and stay.
    """

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        """Take them out of a cell of text."""
        del index
        answer = cell.metadata.get("nbgrader", {}).get("solution", False)
        if cell.cell_type == "markdown" and not answer and "<!--" in cell.source:
            cell.source = without_comments(cell.source, myst=False)
        return cell, resources


def _resealed(released: Any, solved: str | None, resources: Any) -> Any:
    said = resources.get("nbgrader", {})
    salt = "|".join(str(said.get(key, "")) for key in ("assignment", "notebook"))
    plain = nb.parse(json.dumps(released).encode())
    folder = Path(resources.get("metadata", {}).get("path") or ".")
    return reseal(plain, nb.parse(solved.encode()) if solved else plain, folder, salt=salt)
