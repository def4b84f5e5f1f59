"""Ask a lesson's kernel, after its last cell, what becomes of its widgets on a page.

Nothing is added to the notebook that its author could see: the first request is silent, and the
last cell is taken out again, with whatever it did to the widgets.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from kit.lesson.freezing import REPORT, WATCH
from kit.lesson.standing import reported

_VIEW = "application/vnd.jupyter.widget-view+json"


class Asking:
    """Two requests around the cells of a notebook that nbclient runs.

    `has_begun` tells that all cells of the author have run: what fails from then on is no fault
    of the lesson.
    """

    def __init__(self, client: Any, node: Any) -> None:
        from nbformat.v4 import new_code_cell

        self.has_begun = False
        self._client, self._node = client, node
        self._cell: Any = new_code_cell("")  # type: ignore[no-untyped-call]
        self._is_watching = False
        self._widgets: Any = None
        node.cells.append(self._cell)
        client.on_cell_execute = self._watch
        client.on_cell_start = self._ask

    async def _watch(self, cell: Any, **_: Any) -> None:
        from jupyter_core.utils import ensure_async

        del cell
        if not self._is_watching:
            self._is_watching = True
            await ensure_async(self._client.kc.execute(WATCH, silent=True, store_history=False))

    async def _ask(self, cell: Any, **_: Any) -> None:
        if cell is not self._cell:
            return
        self.has_begun = True
        self._client.set_widgets_metadata()
        self._widgets = deepcopy(self._node.metadata.get("widgets"))
        if any(_VIEW in output.get("data", {}) for one in self._node.cells
               for output in one.get("outputs", ())):
            cell.source = REPORT.format(whole=True)

    def answer(self) -> dict[str, Any]:
        """The report; empty where no widget was shown. The notebook is as the author's cells
        left it."""
        self._node.cells.remove(self._cell)
        if self._widgets is not None:
            self._node.metadata["widgets"] = self._widgets
        if not self._cell.source:
            return {}
        return reported(self._cell.get("outputs", ())) or {
            "widgets": {}, "groups": [], "wider": [],
            "failed": "running all its states ended the kernel, or took too long"}
