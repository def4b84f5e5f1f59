"""The two ways to answer: with a mouse, and with a keyboard alone.

Both have the same verbs, so that a right answer is written once. A keyboard goes on with Tab from
where the focus is, and tells where it is lost, trapped or not to be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from answering.parts import Part

MOST_TABS = 150
"""Stops between one thing to do and the next; past them, there is no way on."""

BUTTON = "button:"
BOXES = ("[...answering.must(at, ['section.cp', 0]).querySelectorAll('.cp-option input')]"
         ".map((one) => [one.type, one.checked])")


class Mouse:
    """Clicks and drags. Fields are typed into; a browser's own list of a field is not a page's,
    so an option of it is set."""

    name = "by mouse"
    is_live = False

    def __init__(self, page: Any) -> None:
        self.page = page

    def press(self, part: Part, label: str, *within: Any) -> None:
        """Press the button whose label matches."""
        self.click(part, *within, BUTTON + label, 0)

    def click(self, part: Part, *path: Any) -> None:
        for _ in range(3):
            spot = part.ask("answering.aim(at, more)", *path)
            self.page.mouse.click(spot["x"], spot["y"])
            if self.page.evaluate("answering.isHit()"):
                return
        raise AssertionError(f"{path} moves away from the mouse")

    def tick(self, part: Part, wanted: Sequence[int]) -> None:
        """Let these of the boxes, or the one radio button, be chosen and no others."""
        for place, (kind, now) in enumerate(part.ask(BOXES)):
            if now != (place in wanted) and (kind == "checkbox" or place in wanted):
                self.click(part, ".cp-option input", place)

    def write(self, part: Part, text: str, *path: Any) -> None:
        """Let a field hold this text."""
        self.click(part, *path)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)

    def pick(self, part: Part, option: int, *path: Any) -> None:
        """Choose an option of a list by its place."""
        part.page.evaluate_handle("([at, path]) => answering.must(at, path)",
                                  [part.at, list(path)]).as_element().select_option(index=option)

    def toggle(self, part: Part, *path: Any) -> None:
        """Turn a switch."""
        self.click(part, *path)

    def radio(self, part: Part, place: int, *path: Any) -> None:
        """Choose one of a group of radio buttons."""
        self.click(part, *path, "input", place)

    def slide(self, part: Part, place: int, count: int, *path: Any) -> int:
        """Drag a slider to a place of so many, as near as a pixel leads; where it stands then."""
        shares = [at / (count - 1) for at in (stands(part, *path), place)]
        ends = [part.page.evaluate("([at, path, share]) => answering.aim(at, path, share)",
                                   [part.at, list(path), share]) for share in shares]
        self.page.mouse.move(ends[0]["x"], ends[0]["y"])
        self.page.mouse.down()
        self.page.mouse.move(ends[1]["x"], ends[1]["y"], steps=3)
        self.page.mouse.up()
        return stands(part, *path)

    def sort(self, part: Part, wanted: Sequence[int]) -> None:
        """Drag the items of a list into this order."""
        for place, item in enumerate(wanted):
            now = shown(part)
            if now[place] != item:
                self._drag(part, now.index(item), place)
            assert shown(part)[place] == item, "a dragged item is not where it was let go"

    def _drag(self, part: Part, origin: int, target: int) -> None:
        start = part.ask("answering.aim(at, more)", ".cp-order li", origin, ".cp-grip", 0)
        box = part.ask("(({ top, height }) => ({ top, height }))"
                       "(answering.must(at, more).getBoundingClientRect())", ".cp-order li", target)
        self.page.mouse.move(start["x"], start["y"])
        self.page.mouse.down()
        self.page.mouse.move(start["x"], box["top"] + box["height"] * 0.2, steps=3)
        self.page.mouse.up()


class InLab(Mouse):
    """A mouse in JupyterLab, where a slider stops at more places than a page holds: arrow keys,
    which must be no commands of the notebook, lead it to the right one."""

    name = "in JupyterLab"
    is_live = True

    def slide(self, part: Part, place: int, count: int, *path: Any) -> int:
        came = super().slide(part, place, count, *path)
        for _ in range(abs(place - came)):
            self.page.keyboard.press("ArrowRight" if place > came else "ArrowLeft")
        return stands(part, *path)


class Keyboard:
    """Tab, arrows, Space, Enter, and letters in fields; never a mouse, never a script's focus."""

    name = "by keyboard"
    is_live = False

    def __init__(self, page: Any) -> None:
        self.page = page

    def enter(self) -> None:
        """From the top of a page past its navigation, by the link that is there for it."""
        self.page.keyboard.press("Tab")
        skip = self.page.evaluate("document.activeElement.getAttribute('href')")
        assert str(skip).startswith("#"), "the first stop of a page leads to its text"
        self.page.keyboard.press("Enter")

    def reach(self, part: Part, *path: Any, back: bool = False) -> None:
        """Go on with Tab until the focus is there."""
        seen: list[str] = []
        for turn in range(MOST_TABS):
            here = part.ask("answering.focus(at, more)", *path)
            if here["there"]:
                if turn:  # what had the focus before may have been moved by what it opened
                    self._must_be_shown(here)
                return
            if turn and here["none"]:
                raise AssertionError(f"Tab from {seen[-1:]} leads out of the page, and not to "
                                     f"{path}")
            if turn and here["inside"] == part.at:
                self._must_be_shown(here)
            seen.append(here["name"])
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"{MOST_TABS} times Tab do not lead to {path}; the last stops are "
                             f"{seen[-4:]}")

    def press(self, part: Part, label: str, *within: Any) -> None:
        self.reach(part, *within, BUTTON + label, 0)
        self.page.keyboard.press("Enter")
        assert not part.ask("answering.focus(at, more)")["none"], f"{label} loses the focus"

    def must_be_at(self, part: Part, *path: Any) -> None:
        """The focus has come there by itself."""
        here = part.ask("answering.focus(at, more)", *path)
        assert here["there"], f"the focus is on {here['name']} and not on {path}"

    def tick(self, part: Part, wanted: Sequence[int]) -> None:
        if part.ask(BOXES)[0][0] == "radio":
            self.reach(part, ".cp-option input", 0)
            for _ in range(wanted[0]):
                self.page.keyboard.press("ArrowDown")
            if not wanted[0]:
                self.page.keyboard.press("Space")
            return
        for place in sorted(wanted):
            self.reach(part, ".cp-option input", place)
            self.page.keyboard.press("Space")

    def write(self, part: Part, text: str, *path: Any) -> None:
        self.reach(part, *path)
        self.page.keyboard.insert_text(text)

    def pick(self, part: Part, option: int, *path: Any) -> None:
        self.reach(part, *path)
        for _ in range(option):
            self.page.keyboard.press("ArrowDown")

    def toggle(self, part: Part, *path: Any) -> None:
        self.reach(part, *path)
        self.page.keyboard.press("Space")

    def radio(self, part: Part, place: int, *path: Any) -> None:
        now = part.ask("[...answering.must(at, more).querySelectorAll('input')]"
                       ".findIndex((one) => one.checked)", *path)
        self.reach(part, *path, "input", now)
        for _ in range(abs(place - now)):
            self.page.keyboard.press("ArrowDown" if place > now else "ArrowUp")

    def slide(self, part: Part, place: int, count: int, *path: Any) -> int:
        self.reach(part, *path)
        now = stands(part, *path)
        if place == now:  # a point is put where the slider stands anyway
            self.page.keyboard.press("ArrowLeft" if now else "ArrowRight")
            self.page.keyboard.press("ArrowRight" if now else "ArrowLeft")
        elif place in (0, count - 1):
            self.page.keyboard.press("End" if place else "Home")
        else:
            for _ in range(abs(place - now)):
                self.page.keyboard.press("ArrowRight" if place > now else "ArrowLeft")
        return stands(part, *path)

    def sort(self, part: Part, wanted: Sequence[int]) -> None:
        """Move each item up to its place, from the first place to the last."""
        for place, item in enumerate(wanted):
            now = shown(part).index(item)
            if now == place:
                continue
            self.reach(part, ".cp-order li", now, BUTTON + "^Up", 0,
                       back=self._is_past(part, now))
            for _ in range(now - place):
                self.page.keyboard.press("Enter")

    def _is_past(self, part: Part, row: int) -> bool:
        """Whether the focus stands below that row of a list."""
        return bool(part.ask(
            "answering.must(at, more).compareDocumentPosition(document.activeElement)"
            " === Node.DOCUMENT_POSITION_FOLLOWING && answering.must(at, ['.cp-order', 0])"
            ".contains(document.activeElement)", ".cp-order li", row))

    def _must_be_shown(self, here: dict[str, Any]) -> None:
        is_shown = here["shown"] == "yes" or (here["shown"] == "look" and self._looks_other())
        assert is_shown, f"the focus is not to be seen on {here['name']!r}"

    def _looks_other(self) -> bool:
        """Whether what has the focus looks otherwise without it."""
        one = self.page.evaluate_handle("document.activeElement").as_element()
        box = one.bounding_box()
        clip = {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}
        focused = self.page.screenshot(clip=clip)
        one.evaluate("(one) => one.blur()")
        plain = self.page.screenshot(clip=clip)
        one.evaluate("(one) => one.focus()")
        return bool(focused != plain)


def stands(part: Part, *path: Any) -> int:
    """How many steps from its beginning a slider stands."""
    return round(part.ask("((one) => (one.value - one.min) / one.step)"
                          "(answering.must(at, more))", *path))


def shown(part: Part) -> list[int]:
    """The items of a list as they stand, by their places in the spec."""
    found = part.ask("[...answering.must(at, ['.cp-order', 0]).children].map((one) => one.item)")
    return list(found)
