"""Ordinary cells in a shell that nobody changed: what IPython does with them, step by step.

IPython asks at each cell what it might have to do: transform it, await it, call who listens. Most
cells and shells need none of it. What may need some is left to IPython.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from types import CodeType
from typing import Any

from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult

from kit.sandbox.kernel import CellKernel, CellShell, flush
from kit.sandbox.plain import is_plain, whole

_WAITS_OR_WARNS = ("await", "async", "get_ipython", "\\", "finally")
"""Of some of these Python may warn, and a kernel does so each time that it compiles the cell. So it
does of what the patterns find. All that one finds begins with the same few characters: so that the
others are passed over fast."""

_BEHIND_A_LITERAL = re.compile(
    r"""["'\])}.\d](?:(?<=0)[xXoObB]|[jJ]?(?:and|else|for|if|in|is|not|or)\b|\s*is\b"""
    r"""|(?<!\d)\s*[(\[]|(?<=\d)(?<!\w\d)\w*\s*[(\[])""")
_IS = re.compile(r"is\b(?<!\wis)(?!\s+(?:not\s+)?(?:None|True|False)\b)")
_CALLED = ("assert", "None", "True", "False")
_IS_CALLED = re.compile(r"\b(?:assert\s*\(|(?:None|True|False)\s*[(\[])")

_ONE = re.compile(
    r"(?:[ \t]*(?:#[^\n]*)?\n)*"
    r"(?:(?:def|class|import|from|assert|for|while|with|if)\b|[A-Za-z_]\w*[ \t]*=(?!=))[^\n;]*"
    r"(?:\n(?:[ \t#][^\n;]*)?)*")

_STEPS = ("run_cell", "_run_cell", "run_cell_async", "run_ast_nodes", "run_code", "transform_cell",
          "transform_ast", "should_run_async", "_tee")
_KNOWN = {name: getattr(CellShell, name) for name in _STEPS}
_ASKED = CellKernel.do_execute


def is_quiet(source: str) -> bool:
    """Whether compiling a cell warns of nothing for sure, and it waits for nothing."""
    return not (any(one in source for one in _WAITS_OR_WARNS) or _IS.search(source)
                or _BEHIND_A_LITERAL.search(source)
                or (any(one in source for one in _CALLED) and _IS_CALLED.search(source)))


def is_one(text: str) -> bool:
    """Whether a cell is of one statement for sure, which is no expression: what else begins at the
    left edge is a comment."""
    return bool(_ONE.fullmatch(text))


def run_ordinary(kernel: CellKernel, source: str) -> dict[str, Any] | None:
    """Run a cell as an execute_request would; the content of the reply. None where that is for
    IPython to do: then nothing was done."""
    shell: Any = kernel.shell
    if not (is_plain(shell, source) and is_quiet(source) and _is_as_made(kernel)):
        return None
    text = whole(source)
    name = shell.compile.cache(text, shell.execution_count, raw_code=source)
    try:
        parts = compiled(shell, text, name)
    except Exception:  # noqa: BLE001 - whatever it is, it is IPython's to show
        return None
    kernel._forward_input(False)  # type: ignore[no-untyped-call]
    try:
        result = _run(shell, source, text, parts)
    finally:
        kernel._restore_input()  # type: ignore[no-untyped-call]
    if shell.payload_manager._payload:
        shell.payload_manager.clear_payload()
    flush()
    return _reply(shell, result)


def _is_as_made(kernel: CellKernel) -> bool:
    shell: Any = kernel.shell
    kind, own, heard = type(shell), vars(shell), shell.events.callbacks
    return (
        not heard["pre_run_cell"] and not heard["post_run_cell"]
        and not shell.ast_transformers and shell.ast_node_interactivity == "last_expr"
        and not shell.custom_exceptions and not shell.logger.log_active and shell.autoawait
        and type(kernel).do_execute is _ASKED and "do_execute" not in vars(kernel)
        and all(name not in own and getattr(kind, name) is step
                for name, step in _KNOWN.items()))


def compiled(shell: Any, text: str, name: str) -> Sequence[CodeType]:
    """A cell's statements, the last of which shows itself if it is an expression. Raises what
    compiling it raises."""
    if is_one(text):  # in one step then
        with shell.compile.extra_flags(ast.PyCF_ALLOW_TOP_LEVEL_AWAIT):
            return [shell.compile(text, name, "exec")]
    body = shell.compile.ast_parse(text, filename=name).body
    with shell.compile.extra_flags(ast.PyCF_ALLOW_TOP_LEVEL_AWAIT):
        return [shell.compile(ast.Interactive([one]), name, "single")
                if one is body[-1] and isinstance(one, ast.Expr)
                else shell.compile(ast.Module([one], []), name, "exec") for one in body]


def _run(shell: Any, source: str, text: str, parts: Sequence[CodeType]) -> Any:
    """What `InteractiveShell.run_cell` does; its result."""
    shell._last_traceback = None
    shell._last_traceback_during_displayhook = False
    with shell._tee(channel="stdout"), shell._tee(channel="stderr"):
        result: Any = ExecutionResult(ExecutionInfo(  # type: ignore[no-untyped-call]
            source, True, False, True, None, {}, transformed_cell=text))
        try:
            count = result.execution_count = shell.execution_count
            shell.execution_count += 1
            shell.events.trigger("pre_execute")
            shell.history_manager.store_inputs(count, text, source)
            with shell.builtin_trap, shell.display_trap:
                shell.displayhook.exec_result = result
                failed = any(_has_raised(shell, part, result) for part in parts)
                shell.last_execution_succeeded = not failed
                shell.last_execution_result = result
                shell.displayhook.exec_result = None
            if result.error_in_exec:
                shell.history_manager.exceptions[count] = shell._format_exception_for_storage(
                    result.error_in_exec)
        finally:
            shell.events.trigger("post_execute")
    return result


def _has_raised(shell: Any, part: CodeType, result: Any) -> bool:
    try:
        shell.run_code(part, result).send(None)
    except StopIteration as done:
        return bool(done.value)
    raise RuntimeError("a cell waits that is not to")


def _reply(shell: Any, result: Any) -> dict[str, Any]:
    if result.success and not shell._last_traceback_during_displayhook:
        return {"status": "ok"}
    error = result.error_in_exec
    return {"status": "error", "traceback": shell._last_traceback or [],
            "ename": type(error).__name__, "evalue": str(error)}
