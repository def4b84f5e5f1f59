"""The widgets of a run as a notebook keeps them, from what its process says of them.

That process ran code that may lie, so each field is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kit.sandbox.outputs import mapping, plain, text

MIME = "application/vnd.jupyter.widget-state+json"

_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")


class WidgetStates:
    """What each widget said of itself, cell after cell."""

    def __init__(self) -> None:
        self._states: dict[str, dict[str, Any]] = {}
        self._buffers: dict[str, dict[tuple[str | int, ...], dict[str, Any]]] = {}

    def take(self, said: Any) -> None:
        """Take what widgets said in one cell, by comm. What is not of that form is left out."""
        for comm, one in mapping(said).items():
            name = text(comm)
            self._states.setdefault(name, {}).update(plain(mapping(mapping(one).get("state"))))
            buffers = mapping(one).get("buffers")
            for buffer in buffers if isinstance(buffers, list) else ():
                self._keep(name, mapping(buffer))

    def _keep(self, name: str, buffer: Mapping[str, Any]) -> None:
        path, data = buffer.get("path"), buffer.get("data")
        if (isinstance(path, list) and all(type(step) in (str, int) for step in path)
                and isinstance(data, str) and _BASE64.fullmatch(data)):
            steps = plain(path)
            self._buffers.setdefault(name, {})[tuple(steps)] = {
                "data": data, "encoding": "base64", "path": steps}

    def metadata(self) -> Mapping[str, Any]:
        """What stands in a notebook's `metadata.widgets`: nothing where nothing was said."""
        if not self._states:
            return {}
        models = {name: self._model(name, state) for name, state in self._states.items()
                  if "_model_name" in state}
        return {MIME: {"state": models, "version_major": 2, "version_minor": 0}}

    def _model(self, name: str, state: dict[str, Any]) -> dict[str, Any]:
        model = {"model_name": state.get("_model_name"),
                 "model_module": state.get("_model_module"),
                 "model_module_version": state.get("_model_module_version"),
                 "state": state}
        if name in self._buffers:
            model["buffers"] = list(self._buffers[name].values())
        return model

