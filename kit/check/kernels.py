"""W119 and E312: kernels that notebooks ask for and this machine does not have."""

from __future__ import annotations

from collections.abc import Iterator

from kit.check.context import Context, Kernel
from kit.check.registry import Check, check, found
from kit.errors import typed
from kit.model import Finding

_USUAL = frozenset({"python3", "python"})
"""Names that mean whatever Python is there."""

_INSTALL = {
    "r": "in R: install.packages('IRkernel'); IRkernel::installspec()",
    "julia": "in Julia: using Pkg; Pkg.add(\"IJulia\")",
    "octave": "pip install octave_kernel",
    "matlab": "pip install jupyter-matlab-proxy",
    "c++": "conda install -c conda-forge xeus-cling",
    "c++17": "conda install -c conda-forge xeus-cling",
    "bash": "pip install bash_kernel && python -m bash_kernel.install",
    "java": "install IJava, https://github.com/SpencerPark/IJava",
    "scala": "install almond, https://almond.sh",
    "sas": "pip install sas_kernel",
}


@check("W119", "a notebook's kernel is not installed here")
def homework_kernels(context: Context) -> Iterator[Finding]:
    """The notebook names a kernel that this machine does not have. Python runs all the same: the
    kit takes its own, but stock nbgrader stops, and Jupyter asks each learner which kernel to
    take. Of another language nothing could be run: its tests are not tried, and where the kernel
    is missing at grading too, every submission waits for it."""
    installed = _installed()
    for _, paper in context.papers:
        kernel = Kernel.of(paper.notebook["metadata"])
        if _is_missing(kernel, installed):
            yield found("W119", paper.path, f"the kernel {kernel.name!r} is not installed here; "
                        + ("the kit runs it with its own Python" if kernel.python else
                           "nothing of it was run, and nothing can be graded"),
                        hint=_hint(kernel, installed))


@check("E312", "a lesson's kernel is not installed here")
def lesson_kernels(context: Context) -> Iterator[Finding]:
    """The lesson is in another language than Python and names a kernel that this machine does
    not have, so the site cannot be built here. A lesson in Python is run by this Python, whatever
    its kernel is called."""
    installed = _installed()
    for page in context.pages:
        kernel = page.kernel
        foreign = any(block.kind == "foreign" for block in page.blocks)
        if foreign and _is_missing(kernel, installed):
            yield found("E312", page.path, f"the kernel {kernel.name!r} is not installed here; "
                        "the lesson cannot be run", hint=_hint(kernel, installed))


def _is_missing(kernel: Kernel, installed: frozenset[str]) -> bool:
    # Jupyter compares names in small letters.
    return bool(kernel.name) and kernel.name.lower() not in _USUAL | installed


def _installed() -> frozenset[str]:
    from jupyter_client.kernelspec import KernelSpecManager

    return frozenset(KernelSpecManager().find_kernel_specs())


def _hint(kernel: Kernel, installed: frozenset[str]) -> str:
    if kernel.python:
        how = ("choose python3 in Jupyter (Kernel > Change Kernel) and save, or install it: "
               + typed("python", "-m", "ipykernel", "install", "--user", "--name", kernel.name))
    else:
        how = "install it, " + _INSTALL.get(
            kernel.language, f"as the kernel for {kernel.language or kernel.name} tells")
    return f"{how}\ninstalled here: {', '.join(sorted(installed)) or 'none'}"


CHECKS: tuple[Check, ...] = (homework_kernels, lesson_kernels)
