"""What others may add: exporters, late policies, engines and checks, by entry point.

Built-in exporters, policies and engines arrive the same way; built-in checks stand in
`kit.check` itself, and the group `kit.checks` adds to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from kit.errors import KitError, UnknownName

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint, EntryPoints

Group = Literal["kit.exporters", "kit.late_policies", "kit.engines", "kit.checks"]

_KINDS: dict[str, str] = {
    "kit.exporters": "exporter",
    "kit.late_policies": "late policy",
    "kit.engines": "engine",
    "kit.checks": "check",
}


def entry_points(*, group: Group) -> EntryPoints:
    """All entry points of a group."""
    from importlib import metadata  # slow to import, and most commands ask for no plugin

    return metadata.entry_points(group=group)


def names(group: Group) -> tuple[str, ...]:
    """The names in a group, sorted."""
    return tuple(sorted(entry_points(group=group).names))


def find(group: Group, name: str) -> Any:
    """The object behind a name.

    Raises UnknownName with the nearest choices, KitError when the plugin cannot be imported.
    """
    for entry in entry_points(group=group):
        if entry.name == name:
            return _load(entry, _KINDS[group])
    raise UnknownName(_KINDS[group], name, names(group))


def everything(group: Group) -> tuple[tuple[str, Any], ...]:
    """All (name, object) pairs of a group, sorted by name."""
    found = sorted(entry_points(group=group), key=lambda entry: entry.name)
    return tuple((entry.name, _load(entry, _KINDS[group])) for entry in found)


def _load(entry: EntryPoint, kind: str) -> Any:
    try:
        return entry.load()
    except Exception as error:
        package = entry.dist.name if entry.dist else entry.value
        raise KitError(
            f"the {kind} {entry.name!r} cannot be loaded: {error}",
            where=package,
            hint=f"update or uninstall {package}",
        ) from error
