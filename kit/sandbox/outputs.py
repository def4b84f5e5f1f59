"""Validates what a submission's process says, field by field; it ran code that may lie."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from kit.model import CellRun, RunState
from kit.sandbox.frames import FrameError

Output = dict[str, Any]

_LONGEST_ERROR = 200_000
_DEEPEST = 200
_JSON = re.compile(r"application/(.*\+)?json$")
_LONE = re.compile("[\ud800-\udfff]")


def cell_run(frame: Mapping[str, Any], index: int) -> CellRun:
    """The run that a frame describes. Raises FrameError when it is not that cell's."""
    if frame.get("cell") != index or frame.get("status") not in ("ok", "error"):
        raise FrameError("not the cell that was asked for")
    raw = frame.get("outputs")
    if not isinstance(raw, list):
        raise FrameError("no outputs")
    found = [checked(output) for output in raw]
    if frame["status"] == "error":
        _append_reply_error(found, frame.get("error"))
    failed = any(output["output_type"] == "error" for output in found)
    return CellRun(
        index=index,
        state=RunState.ERROR if failed or frame["status"] == "error" else RunState.OK,
        outputs=tuple(found),
        execution_count=_count(frame.get("count")),
        seconds=_seconds(frame.get("seconds")),
    )


def checked(output: Any) -> Output:
    """An nbformat 4 output with the right types and nothing else. Raises FrameError."""
    kind = output.get("output_type") if isinstance(output, dict) else None
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return {"output_type": kind, "name": name, "text": text(output.get("text"))}
    if kind == "error":
        return error(output)
    if kind not in ("display_data", "execute_result"):
        raise FrameError("no output of nbformat 4")
    result: Output = {"output_type": kind, "data": bundle(output.get("data")),
                      "metadata": plain(mapping(output.get("metadata")))}
    if kind == "execute_result":
        result["execution_count"] = _count(output.get("execution_count"))
    return result


def error(content: Mapping[str, Any]) -> Output:
    """An error output; lines that are no text are left out."""
    lines = content.get("traceback")
    return {
        "output_type": "error",
        "ename": text(content.get("ename"))[:200],
        "evalue": text(content.get("evalue"))[:_LONGEST_ERROR],
        "traceback": [text(line)[:_LONGEST_ERROR] for line in lines if isinstance(line, str)]
        if isinstance(lines, list) else [],
    }


def _append_reply_error(found: list[Output], reply: Any) -> None:
    """nbgrader's rule: the reply's error is shown if no output of that name is there."""
    content = error(mapping(reply))
    if any(o["output_type"] == "error" and o["ename"] == content["ename"] for o in found):
        return
    content["traceback"] = content["traceback"] or [
        "ERROR: An error occurred while showtraceback was disabled"]
    found.append(content)


def bundle(data: Any) -> dict[str, Any]:
    """A MIME bundle as nbformat has it: JSON types are JSON, all others are text."""
    return {
        text(mime): text(value) if isinstance(value, str) else plain(value)
        for mime, value in mapping(data).items()
        if _JSON.match(mime) or isinstance(value, str) or _is_lines(value)
    }


def _is_lines(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(line, str) for line in value)


def text(value: Any) -> str:
    """Text that UTF-8 can hold; anything else becomes empty."""
    if not isinstance(value, str):
        return ""
    return _LONE.sub("\ufffd", value)


def plain(value: Any, depth: int = 0) -> Any:
    """JSON whose texts UTF-8 can hold; what is nested too deep becomes null, and so does what is
    no number of JSON."""
    if depth > _DEEPEST or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, str):
        return text(value)
    if isinstance(value, list):
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {text(key): plain(item, depth + 1) for key, item in value.items()}
    return value


def mapping(value: Any) -> dict[str, Any]:
    """The mapping, or an empty one."""
    return value if isinstance(value, dict) else {}


def _count(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value < 10**9 else None


def _seconds(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) and 0 <= value < 10**6 else 0.0
