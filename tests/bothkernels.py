"""The same cells by a real kernel behind nbclient and by our pool, to compare what came out."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import zmq
from nbclient import NotebookClient
from nbgrader.preprocessors import Execute

from kit.model import Execution, Limits
from kit.sandbox import Code, Pool
from kit.sandbox.hosts import environment
from kit.sandbox.root import BOX, TEMPORARY

Output = dict[str, Any]

MASKS = (
    # Where an object lies in memory.
    (re.compile(r"0x[0-9a-f]{6,}|(?<=object at )[0-9a-f]{8,}"), "ADDRESS"),
    # The folder of the files that cells are compiled as: it carries the process id.
    (re.compile(r"/ipykernel_\d+/"), "/ipykernel/"),
    # The home and temporary folder of a run, in a box and without one.
    (re.compile(rf"{TEMPORARY}|/[\w/.-]*kit-run-\w+"), "HOME"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What came of one cell."""

    outputs: list[Output]
    count: int | None


def by_nbclient(
    sources: Sequence[str], folder: Path, *, timeout: int = 60
) -> tuple[list[Cell], Any]:
    """Run in a real kernel as nbgrader does; the cells, and the notebook's widgets."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in sources])
    client = NotebookClient(
        notebook, timeout=timeout, kernel_name="python3", allow_errors=True, record_timing=False,
        resources={"metadata": {"path": str(folder)}}, interrupt_on_timeout=True,
        error_on_timeout=Execute().error_on_timeout,
        # Its rule: an error that was told by no output is added to them.
        on_cell_executed=lambda **told: Execute.on_cell_executed(None, **told))
    home = folder.parent / "home"
    home.mkdir(exist_ok=True)

    async def all_of_them() -> None:
        async with client.async_setup_kernel(
                env={**environment(), "HOME": str(home), "TMPDIR": str(home)},
                stderr=-3, stdout=-3):
            looking = asyncio.create_task(look_again(client))
            try:
                for place, cell in enumerate(notebook.cells):
                    await client.async_execute_cell(cell, place)
            finally:
                looking.cancel()

    # In a loop that ends with it: where a cell ends the client, it leaves tasks behind, which
    # would complain in the middle of a later test. In a thread: a browser's tests have one here.
    with ThreadPoolExecutor(1) as aside:
        aside.submit(lambda: asyncio.run(all_of_them())).result()
    client.set_widgets_metadata()
    plain = json.loads(json.dumps(notebook).replace(str(home), "HOME"))
    return ([Cell(outputs=merged(cell["outputs"], folder), count=cell["execution_count"])
             for cell in plain["cells"]], plain["metadata"].get("widgets", {}))


async def look_again(client: NotebookClient) -> None:
    """Find a reply that the client's socket has and nobody was told of, twice a second.

    What an Output widget captured is sent back while the reply is waited for, and sending takes
    the news of it; nbclient then waits until the cell's time is up.
    """
    while True:
        await asyncio.sleep(0.5)
        client.kc.shell_channel.socket.get(zmq.EVENTS)


def by_pool(
    pool: Pool, sources: Sequence[str], folder: Path, *, sealed: bool = True, **limits: Any
) -> Execution:
    """Run in our pool."""
    enough = Limits(**{"cell_seconds": 60, "cpu_seconds": 300, "output_bytes": 10**8, **limits})
    return pool.run([Code(source=source) for source in sources], enough, cwd=folder,
                    sealed=sealed)[0]


def cells(execution: Execution, folder: Path) -> list[Cell]:
    """What came of each cell of a run in that folder."""
    return [Cell(outputs=merged(json.loads(json.dumps([dict(one) for one in run.outputs])), folder),
                 count=run.execution_count) for run in execution.cells]


def merged(outputs: list[Output], folder: Path) -> list[Output]:
    """Outputs of a run in that folder with masks, and with text on one stream as one output."""
    text = json.dumps(joined(outputs))
    for place in (str(folder), f"{BOX}/{folder.name}"):  # where it is, and where a box has it
        text = text.replace(place, "FOLDER")
    for pattern, mask in MASKS:
        text = pattern.sub(mask, text)
    return list(json.loads(text))


def joined(outputs: Sequence[Mapping[str, Any]]) -> list[Output]:
    """Text on one stream as one output: where a kernel cuts it depends on its timer."""
    found: list[Output] = []
    for output in outputs:
        last = found[-1] if found else {}
        if output["output_type"] == "stream" and last.get("name") == output["name"]:
            last["text"] += output["text"]
        else:
            found.append(dict(output))
    return found
