"""How each widget that a lesson showed stands on a page, from what its kernel reported.

`kit.lesson.freezing` reports in the kernel; here a build and a check read it, without one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.lesson.saying import say

MIME = "application/x-coursewright-widgets+json"
"""What a report is displayed as."""

Report = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What stands in the place of a widget: HTML, the component of this model, or the frozen
    group of this number in the report."""

    html: str = ""
    part: str = ""
    group: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """A widget on a page. `pieces` stand for one that needs no widget manager (none where
    another shows it already), else they are None; `why` says why it cannot be alive."""

    pieces: tuple[Piece, ...] | None = None
    why: str = ""


def stands(report: Report, shown: Sequence[str]) -> list[Stand]:
    """For the widgets that were shown, by the ids of their models and in order, how they stand."""
    tree = _Tree(report)
    flat = {root: tree.leaves(root) for root in shown if tree.is_flat(root)}
    while True:
        outs = {group for leaves in flat.values() for leaf in leaves
                if (group := tree.group_shown_by(leaf)) is not None}
        kept = {root: leaves for root, leaves in flat.items()
                if all(tree.group_of(leaf) in outs for leaf in leaves
                       if tree.group_of(leaf) is not None)}
        if len(kept) == len(flat):
            break
        flat = kept
    placed: dict[int, str] = {}
    for root in flat:
        for leaf in flat[root]:
            group = tree.group_shown_by(leaf)
            if group is not None:
                placed.setdefault(group, leaf)
    return [Stand(pieces=tuple(tree.pieces(flat[root], placed))) if root in flat else
            Stand(why=tree.why(root)) for root in shown]


def leaves_of(report: Report, root: str) -> list[str]:
    """A widget, and those that it holds, without the boxes between."""
    return list(dict.fromkeys([root, *_Tree(report).leaves(root)]))


def reported(outputs: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The report among these outputs; None where there is none."""
    for output in outputs:
        found = output.get("data", {}).get(MIME)
        if isinstance(found, dict):
            return found
    return None


class _Tree:
    """The widgets of a report, by what they hold."""

    def __init__(self, report: Report) -> None:
        self._widgets: Mapping[str, Any] = report["widgets"]
        self._groups: Sequence[Mapping[str, Any]] = report["groups"]
        self._failed = str(report.get("failed", ""))
        self._of = {name: number for number, group in enumerate(self._groups)
                    for name in (*group["outs"], *group["boxes"], *group["controls"])}

    def leaves(self, root: str) -> list[str]:
        """The widgets below, in order, without the boxes that hold them."""
        return list(self._below(root, set()))

    def _below(self, name: str, seen: set[str]) -> Iterator[str]:
        if name in seen:
            return
        seen.add(name)
        widget = self._widgets.get(name, {})
        if "children" not in widget or "why" in widget:
            yield name
            return
        for child in widget["children"]:
            yield from self._below(child, seen)

    def is_flat(self, root: str) -> bool:
        """Whether it holds what is frozen or ours, and beside that only words."""
        leaves = self.leaves(root)
        return any(self._is_ours(one) for one in leaves) and all(
            self._is_ours(one) or "html" in self._widgets.get(one, {}) for one in leaves)

    def _is_ours(self, name: str) -> bool:
        return self._widgets.get(name, {}).get("part") is True or self.group_of(name) is not None

    def group_of(self, name: str) -> int | None:
        """The group with states that it belongs to."""
        number = self._of.get(name)
        return number if number is not None and "why" not in self._groups[number] else None

    def group_shown_by(self, name: str) -> int | None:
        """The group with states whose view it is."""
        number = self.group_of(name)
        return number if number is not None and name in self._groups[number]["outs"] else None

    def pieces(self, leaves: Sequence[str], placed: Mapping[int, str]) -> Iterator[Piece]:
        """What stands for these leaves: a group where its first view is, its controls nowhere."""
        for leaf in leaves:
            group = self.group_shown_by(leaf)
            if group is not None and placed[group] == leaf:
                yield Piece(group=group)
            elif self._widgets.get(leaf, {}).get("part") is True:
                yield Piece(part=leaf)
            elif "html" in self._widgets.get(leaf, {}):
                yield Piece(html=self._widgets[leaf]["html"])

    def why(self, root: str) -> str:
        """Why a widget that is no set of pieces cannot be alive; empty where it can."""
        leaves = self.leaves(root)
        for leaf in leaves:
            number = self._of.get(leaf)
            told = self._widgets.get(leaf, {}).get("why") or (
                self._groups[number].get("why", "") if number is not None else "")
            if told:
                return str(told)
        if root not in self._widgets and self._failed:
            return self._failed
        if not any(self._is_ours(one) for one in leaves):
            return ""
        beside = next((one for one in leaves if not self._is_ours(one)
                       and "html" not in self._widgets.get(one, {})), None)
        if beside is None:
            return say("what it moves is not shown on this page")
        kind = self._widgets.get(beside, {}).get("kind") or say("widget that is gone")
        return say("it stands in one box with a {kind}, which has to be shown by itself", kind=kind)
