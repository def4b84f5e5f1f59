"""A component on a page: what it holds, and what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCRIPT = (Path(__file__).parent / "inpage.js").read_text(encoding="utf-8")
"""What the page is asked with; it is there before the page's own scripts."""

_READ: dict[str, str] = {}

SAID = (".cp-body > .cp-said:last-of-type", 0)

class AnsweringError(Exception):
    """What a page did wrong, with the component and what was done to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One component: `at` is its place among those of the page, `spec` what its author wrote."""

    page: Any
    at: int
    spec: dict[str, Any]

    @property
    def name(self) -> str:
        """Its kind and its form, by which `kinds` knows it."""
        form = self.spec.get("form", "")
        return f"{self.spec['kind']}/{form}" if form else str(self.spec["kind"])

    def ask(self, expression: str, *more: Any) -> Any:
        """The value of an expression in the page, of `at` and the list `more`."""
        return self.page.evaluate(f"([at, more]) => {expression}", [self.at, list(more)])

    def until(self, expression: str, *more: Any, seconds: float = 10) -> None:
        """Wait until such an expression is true."""
        self.page.wait_for_function(f"([at, more]) => {expression}", arg=[self.at, list(more)],
                                    timeout=seconds * 1000)

    def has(self, *path: Any) -> bool:
        """Whether it shows such an element."""
        return bool(self.ask("Boolean(answering.find(at, more))", *path))

    def words(self, *path: Any) -> str:
        """What an element says, without spaces; nothing where it is not there."""
        return str(self.ask("answering.words(answering.find(at, more))", *path))

    def all_words(self, selector: str) -> list[str]:
        """What all elements of a selector say."""
        found = self.ask("[...answering.must(at, ['section.cp', 0]).querySelectorAll(more[0])]"
                         ".map(answering.words)", selector)
        return list(found)

    def value(self, *path: Any) -> str:
        """What stands in a field."""
        return str(self.ask("answering.must(at, more).value", *path))

    def read(self, html: str) -> str:
        """What such HTML says, as `words` tells it."""
        if html not in _READ:
            _READ[html] = str(self.page.evaluate("(html) => answering.read(html)", html))
        return _READ[html]

    def expect(  # what is expected of a component is one question to the page
        self, state: str | None, word: str = "", *, says: Sequence[str] = (),
        hides: Sequence[str] = (), exact: Sequence[tuple[Sequence[Any], str]] = (),
        each: Sequence[tuple[str, Sequence[str]]] = (),
    ) -> None:
        """It is in this state, and the word beside its name ends so.

        It `says` such HTML somewhere and `hides` such; `exact` names elements by their paths and
        `each` all of a selector, with the HTML of which they say the words and no others.
        """
        amiss = self.ask("answering.amiss(at, more[0])", {
            "state": state, "word": word, "says": list(says), "hides": list(hides),
            "exact": [[list(path), html] for path, html in exact],
            "each": [[selector, list(htmls)] for selector, htmls in each]})
        assert not amiss, "; ".join(amiss)


def parts_of(page: Any) -> list[Part]:
    """The components of a page and the cells that run in it, from the top to the bottom."""
    return [Part(page=page, at=at, spec=spec)
            for at, spec in enumerate(page.evaluate("answering.specs()"))]


@contextmanager
def telling(part: Part, where: str, doing: str) -> Iterator[None]:
    """Say of an error on which page, in which component and on what path it came."""
    try:
        yield
    except AnsweringError:
        raise
    except Exception as error:
        first = str(error).strip().splitlines()[:4]
        raise AnsweringError(f"{where}: {part.spec['id']} ({part.name}), {doing}: "
                             + "\n".join(first)) from error


def close(one: float, other: float, tolerance: float) -> bool:
    """Whether two numbers count as one, as the front ends have it."""
    return abs(one - other) <= tolerance + 1e-9 * abs(other)


def figure(value: float) -> str:
    """A number as a learner may type it."""
    return f"{value:.12g}"
