"""`kit doctor`."""

from __future__ import annotations

import click

from kit.cli.options import json_option


@click.command()
@json_option
def command(as_json: bool) -> int:
    """Tell what of this machine works: kernel, engine, browser, node, who owns `kit`.

    Exit code 1 when something is broken that a command needs.

    \b
    Example
      kit doctor --json
    """
    from dataclasses import asdict

    from kit.check.machine import Health, examine
    from kit.cli import terminal

    with terminal.working("trying each part"):
        probes = list(examine())
    broken = [probe for probe in probes if probe.health is Health.BROKEN]
    if as_json:
        terminal.emit_json({"ok": not broken, "probes": [asdict(probe) for probe in probes]})
        return 1 if broken else 0
    styles = {Health.OK: "green", Health.LIMITED: "yellow", Health.BROKEN: "red"}
    out = terminal.console()
    width = max(len(probe.name) for probe in probes)
    for probe in probes:
        out.print(f"{probe.name:<{width}}  ", end="")
        out.print(f"{probe.health.value:<8}", style=styles[probe.health], end="")
        out.print(probe.seen)
        for line in probe.hint.splitlines():
            out.print(f"{' ' * (width + 10)}{line}", style="dim")
    limited = sum(probe.health is Health.LIMITED for probe in probes)
    terminal.line(f"{terminal.count(len(broken), 'part')} broken, {limited} limited, "
                  f"{len(probes) - len(broken) - limited} ok",
                  style="red" if broken else "")
    return 1 if broken else 0
