"""Two processes that ask each other: a value that does not travel is held where it is.

What holds a value tells the other a number; the other makes a stand-in, and asks to have it
called. So the code of a learner's function runs in the learner's process alone, whoever calls it,
and only plain values pass between the two. The sides are alike: a function that is handed over as
an argument is called back in the same way.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.sandbox import frames
from kit.sandbox.frames import FrameError
from kit.sandbox.interrupts import deaf
from kit.sandbox.travel import raising, stand_ins
from kit.sandbox.travel.codec import MAX_BYTES, Packer, StaysError, Unpacker
from kit.sandbox.travel.foresight import UNCHANGING, Foresight, done_ahead
from kit.sandbox.travel.mending import mend

_MOST_HELD = 100_000
_GONE = object()
_LONGEST_WHY = 200

Buffers = Sequence[bytes]
Said = dict[str, Any]


@dataclass(slots=True)
class _Theirs:
    """Stand-ins for what the other side holds, by identity; kept, so that none is made twice."""

    numbers: dict[int, int]
    things: dict[int, Any]


class Peer:
    """One side of `line`. `names` are the variables here. It asks only while it is `open`; what
    became of the variables that it `watches` is told with each question, and done there if that
    side `learns`: the one that judges believes nothing of the kind.

    `trouble` tells the first thing that could not be done here as it is done there: what came out
    since then says nothing. With a `foresight` it asks ahead.
    """

    def __init__(self, line: socket.socket | None, names: dict[str, Any]) -> None:
        self.trouble = ""
        self.foresight: Foresight | None = None
        self.open = self.learns = False
        self._line = line
        self._watched: dict[str, Any] = {}
        self._told = False
        self._names = names
        self._lock = threading.RLock()
        self._held: list[Any] = []
        self._numbers: dict[int, int] = {}
        self._theirs = _Theirs({}, {})

    # -------------------------------------------------------------------------- values

    def packer(self, max_bytes: int = MAX_BYTES) -> Packer:
        """One that holds here what does not travel."""
        return Packer(max_bytes, hold=self._hold)

    def unpack(self, tree: Any, buffers: Buffers) -> Any:
        """A value that was said, with stand-ins for what is held there. Raises FrameError."""
        return Unpacker(tuple(buffers), held=self._of_the_other).value(tree)

    def foresee(self, test: str, given: Iterable[str], ahead: Iterable[str]) -> None:
        """Know what a test of that text is going to ask of functions that it was given: of those
        in `ahead`, if they are not under another name what it may call with anything."""
        if self.foresight is not None:
            numbers = self._theirs.numbers
            found = Counter(id(self._names.get(name)) for name in given)
            self.foresight.begin(test, {
                name: numbers[its] for name in ahead
                if found[its := id(self._names.get(name))] == 1 and its in numbers})

    def watch(self, names: Iterable[str]) -> None:
        """Tell from now on what becomes of these variables."""
        self._watched = {name: self._names.get(name, _GONE) for name in names}
        self._told = False

    def _news(self, packer: Packer) -> list[list[Any]]:
        """The watched variables that became others: their name, and what they are if they are."""
        news = []
        for name, known in self._watched.items():
            value = self._names.get(name, _GONE)
            if value is not known:
                self._watched[name] = value
                with contextlib.suppress(StaysError, RecursionError):
                    news.append([name] if value is _GONE else [name, packer.value(value)])
        return news

    def _learn(self, news: Sequence[Sequence[Any]], buffers: Buffers) -> None:
        for name, *trees in news:
            if trees:
                self._names[name] = self.unpack(trees[0], buffers)
            else:
                self._names.pop(name, None)

    def _hold(self, value: Any) -> Any:
        if id(value) in self._theirs.numbers:
            return {"yours": self._theirs.numbers[id(value)]}
        name = stand_ins.builtin_name(value)
        if name:
            return {"builtin": name}
        number = self._numbers.get(id(value))
        if number is None:
            if len(self._held) >= _MOST_HELD:
                raise StaysError("too many values that stay")
            number = len(self._held)
            self._held.append(value)
            self._numbers[id(value)] = number
        kind, about = stand_ins.described(value)
        return {"held": [number, kind, about]}

    def _of_the_other(self, tag: str, body: Any) -> Any:
        if tag == "builtin":
            return stand_ins.builtin(body)
        if tag == "yours":
            return self._mine(body)
        number, kind, about = body
        if type(number) is not int or not 0 <= number < _MOST_HELD:
            raise FrameError("no number of a value")
        known = self._theirs.things.get(number)
        if known is None:
            known = stand_ins.made(kind, about, _Asked(self, number))
            self._theirs.things[number] = known
            self._theirs.numbers[id(known)] = number
        return known

    def _mine(self, number: Any) -> Any:
        if type(number) is not int or not 0 <= number < len(self._held):
            raise FrameError("no value of that number")
        return self._held[number]

    # --------------------------------------------------------------------------- asking

    def cannot(self, why: str) -> stand_ins.StaysThereError:
        """Note that something cannot be done here; the exception to raise."""
        self.trouble = self.trouble or why[:_LONGEST_WHY]
        return stand_ins.StaysThereError(why)

    def ask(self, number: int, what: str, args: Sequence[Any], named: Mapping[str, Any]) -> Any:
        """Have the other side call what it holds. Raises what that raised."""
        __tracebackhide__ = True
        with self._lock:
            answer, buffers = self._asked(number, what, args, named)
        for name, text in answer.get("said", ()):
            _say(name, text)
        if "changed" in answer:
            for old, new in zip([*args, *named.values()],
                                self.unpack(answer["changed"], buffers), strict=True):
                if not mend(old, new):
                    raise self.cannot(f"a call changed a value of type {type(old).__name__}")
        if "stays" in answer:
            raise self.cannot(str(answer["stays"]))
        if "error" in answer:
            raise raising.made(answer["error"], self._names,
                               lambda tree: self.unpack(tree, buffers))
        return self.unpack(answer["value"], buffers)

    def _asked(
        self, number: int, what: str, args: Sequence[Any], named: Mapping[str, Any]
    ) -> tuple[Said, Buffers]:
        __tracebackhide__ = True
        line = self._line
        if line is None or not self.open:
            raise self.cannot("nothing can be called there now")
        packer = self.packer()
        try:
            tree = [packer.values(args), [[key, packer.value(one)] for key, one in named.items()]]
        except StaysError as error:
            raise self.cannot(str(error)) from None
        asked: Said = {"of": number, "what": what, "with": tree}
        news = self._news(packer)
        if self.foresight is not None:
            text = "" if packer.buffers else repr(tree)
            known = self.foresight.answer(number, what, text, changed=bool(news))
            then = self.foresight.asked(number, what, tree, text)
            if known is not None:
                return known, ()
            if then:
                asked["then"] = then
        if news:
            asked["news"] = news
            self._told = True
        try:
            with deaf():
                frames.send(line, {"ask": asked}, packer.buffers)
                answer, buffers = self._await(line)
        except (frames.ClosedError, FrameError) as error:
            raise self.cannot(f"no answer came: {error}") from None
        if "then" in asked and self.foresight is not None:
            self.foresight.heard(answer.get("more"))
        return answer, buffers

    def settle(self) -> None:
        """Tell the last that became of watched variables, if the other side knows of any."""
        line = self._line
        packer = self.packer()
        if line is None or not self._told or not (news := self._news(packer)):
            return
        with contextlib.suppress(frames.ClosedError, FrameError), deaf():
            frames.send(line, {"ask": {"news": news}}, packer.buffers)
            self._await(line)

    def _await(self, line: socket.socket) -> tuple[Said, Buffers]:
        while True:
            frame, buffers = _hear(line)
            if "answer" in frame and type(frame["answer"]) is dict:
                return frame["answer"], buffers
            if "ask" not in frame:
                raise FrameError("no answer")
            try:
                with deaf(False):
                    answer, more = self.serve(frame["ask"], buffers)
            except KeyboardInterrupt as error:  # it had waited
                answer, more = {"error": raising.described(error, self.packer())}, []
            frames.send(line, {"answer": answer}, more)

    def serve(self, asked: Said, buffers: Buffers) -> tuple[Said, Buffers]:
        """Do what the other side asks for; the answer."""
        packer = self.packer()
        values: list[Any] = []
        before = None
        try:
            if self.learns:
                self._learn(asked.get("news", ()), buffers)
            if "of" not in asked:
                return {}, ()
            args = [self.unpack(one, buffers) for one in asked["with"][0]]
            named = {key: self.unpack(one, buffers) for key, one in asked["with"][1]}
            values = [*args, *named.values()]
            before = self._state(values)
            target = self._mine(asked["of"])
            value = next(target) if asked["what"] == "next" else target(*args, **named)
            answer = {"value": packer.value(value)}
        except StaysError as error:
            answer = {"stays": str(error)}
        except BaseException as error:  # noqa: BLE001 - it is the caller's, whatever it is
            answer = {"error": raising.described(error, packer)}
        if before is not None:
            self._tell_changes(values, before, answer, packer)
        if "then" in asked and answer.keys() == {"value"}:
            answer["more"] = done_ahead(asked["then"], self._mine, self._state)
        return answer, packer.buffers

    def _state(self, values: Sequence[Any]) -> tuple[Any, list[bytes]] | None:
        """What arguments are before a call; None where none of them can change."""
        if all(type(one) in UNCHANGING for one in values):
            return None
        packer = self.packer()
        return [packer.value(one) for one in values], packer.buffers

    def _tell_changes(
        self, values: Sequence[Any], before: tuple[Any, list[bytes]], answer: Said, packer: Packer
    ) -> None:
        with contextlib.suppress(StaysError, RecursionError):
            after = self._state(values)
            if after is not None and after != before:
                answer["changed"] = [packer.value(one) for one in values]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a stand-in does: ask for the value of that number."""

    peer: Peer
    number: int

    def __call__(self, what: str, args: Sequence[Any], named: Mapping[str, Any]) -> Any:
        __tracebackhide__ = True
        return self.peer.ask(self.number, what, args, named)

    def cannot(self, why: str) -> BaseException:
        return self.peer.cannot(why)


def _hear(line: socket.socket) -> tuple[Said, Buffers]:
    frame = frames.receive(line, max_bytes=frames.ANSWER_BYTES,
                           allowance=frames.for_an_answer())
    return frame, frames.receive_buffers(line, frame, max_bytes=MAX_BYTES)


def _say(name: str, text: str) -> None:
    stream = sys.stderr if name == "stderr" else sys.stdout
    stream.write(text)
