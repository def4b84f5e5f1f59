"""Runs cells of untrusted code in processes of their own: cells + limits -> Execution.

    with open_pool(["pandas"], workers=2) as pool:
        execution = pool.run(cells, limits, cwd=folder)

This room knows no courses, no points and no nbgrader. What it promises today: a run is one
process with limits on time, memory, output, file size and number of processes, and no run
stops another. It is not sealed: code that runs here has the rights of the account that grades.
"""

from kit.sandbox.cells import Code
from kit.sandbox.pool import NOT_SEALED, Pool, StoppedError, open_pool

__all__ = ["NOT_SEALED", "Code", "Pool", "StoppedError", "open_pool"]
