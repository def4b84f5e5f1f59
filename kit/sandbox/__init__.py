"""Runs cells of untrusted code in processes of their own: cells + limits -> Execution.

    with open_pool(["pandas"], workers=2) as pool:
        execution = pool.run(cells, limits, cwd=folder)

This room knows no courses, no points and no nbgrader. A run is one process, with limits on
time, memory, output, files and processes, and no run stops another. On Linux it is sealed: a
box with files, processes and network of its own, Landlock and a filter of system calls.
`Pool.layers` says which of these layers are on.
"""

from kit.sandbox.cells import Code, Stage
from kit.sandbox.foreign import is_ours, language_info
from kit.sandbox.layers import ALL as ALL_LAYERS
from kit.sandbox.layers import Layers
from kit.sandbox.live import DiedError, Live
from kit.sandbox.pool import Beside, OpenBeside, Pool, StoppedError, open_pool
from kit.sandbox.setting import Drawn, Given, Setting

__all__ = ["ALL_LAYERS", "Beside", "Code", "DiedError", "Drawn", "Given", "Layers", "Live",
           "OpenBeside", "Pool", "Setting", "Stage", "StoppedError", "is_ours", "language_info",
           "open_pool"]
