"""Runs cells of untrusted code in processes of their own: cells + limits -> Execution.

    with open_pool(["pandas"]) as pool:
        execution, notes = pool.run(cells, limits, cwd=folder)

This room knows no courses, no points and no nbgrader. A run has a process to itself, with limits on
time, memory, output, files and processes, and no run stops another. On Linux it is sealed: a
box with files, processes and network of its own, Landlock and a filter of system calls.
`Pool.layers` says which of these layers are on.

Modules are imported when a name of theirs is first asked for: the warm process has its own to
import, and in an order of its own.
"""

from typing import TYPE_CHECKING

from kit.later import later

if TYPE_CHECKING:
    from kit.sandbox.attempts import Beside, OpenBeside
    from kit.sandbox.cells import Code, Stage
    from kit.sandbox.foreign import is_ours, language_info
    from kit.sandbox.layers import ALL_LAYERS, GROUP, Layers
    from kit.sandbox.live import DiedError, Live
    from kit.sandbox.pool import Pool, StoppedError, open_pool
    from kit.sandbox.setting import Drawn, Given, Setting
else:
    __getattr__ = later(__name__, {
        "ALL_LAYERS": "layers",
        "Beside": "attempts",
        "Code": "cells",
        "DiedError": "live",
        "Drawn": "setting",
        "GROUP": "layers",
        "Given": "setting",
        "Layers": "layers",
        "Live": "live",
        "OpenBeside": "attempts",
        "Pool": "pool",
        "Setting": "setting",
        "Stage": "cells",
        "StoppedError": "pool",
        "is_ours": "foreign",
        "language_info": "foreign",
        "open_pool": "pool",
    })

__all__ = ["ALL_LAYERS", "GROUP", "Beside", "Code", "DiedError", "Drawn", "Given", "Layers",
           "Live", "OpenBeside", "Pool", "Setting", "Stage", "StoppedError", "is_ours",
           "language_info", "open_pool"]
