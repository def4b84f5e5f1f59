"""An author's answer, made wrong in the ways in which learners' answers are."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable

_OPPOSITE: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div, ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult,
}
_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In,
}

RAISING = (
    "raise ValueError('not what was expected')",
    "result = 1 / 0",
    "total = undefined_name + 1",
    "int('twelve')",
    "[1, 2, 3][7]",
    "def answer(:\n    return",
)
"""What a learner's cell does that ends in an error; the last does not parse."""

SENTENCES = (
    "It went up because there was more of it.",
    "See the table above.",
    "I am not sure, but I think that both are the same.",
    "The two move together, so one must cause the other.",
    "Because the textbook says so.",
)


def wrong(text: str, rng: random.Random) -> str:
    """A Python answer with one number, sign, operator or comparison changed.

    Text that does not parse as Python has one of its numbers changed, or loses its last line.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return wrong_text(text, rng)
    before = ast.dump(tree)
    changes = _changes(tree)
    if not changes:
        return wrong_text(text, rng)
    for change in rng.sample(changes, min(len(changes), 5)):
        change(rng)
        if ast.dump(tree) != before:
            return ast.unparse(ast.fix_missing_locations(tree))
    return wrong_text(text, rng)


def _changes(tree: ast.Module) -> list[Callable[[random.Random], None]]:
    """Everything in the tree that can be made wrong, in order of appearance."""
    found: list[Callable[[random.Random], None]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, bool):
            found.append(_flip(node))
        elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
            found.append(_number(node))
        elif isinstance(node, ast.BinOp) and type(node.op) in _OPPOSITE:
            found.append(_operator(node))
        elif isinstance(node, ast.Compare) and type(node.ops[0]) in _TURNED:
            found.append(_comparison(node))
        elif isinstance(node, ast.Return) and node.value is not None:
            found.append(_sign(node))
    return found


def _flip(node: ast.Constant) -> Callable[[random.Random], None]:
    def change(_: random.Random) -> None:
        node.value = not node.value
    return change


def _number(node: ast.Constant) -> Callable[[random.Random], None]:
    def change(rng: random.Random) -> None:
        value = node.value
        assert isinstance(value, (int, float))
        node.value = rng.choice((value + 1, value * 10 + 1, -value - 1, value - 1))
    return change


def _operator(node: ast.BinOp) -> Callable[[random.Random], None]:
    def change(_: random.Random) -> None:
        node.op = _OPPOSITE[type(node.op)]()
    return change


def _comparison(node: ast.Compare) -> Callable[[random.Random], None]:
    def change(_: random.Random) -> None:
        node.ops[0] = _TURNED[type(node.ops[0])]()
    return change


def _sign(node: ast.Return) -> Callable[[random.Random], None]:
    def change(rng: random.Random) -> None:
        assert node.value is not None
        none = ast.Constant(value=None)
        node.value = none if rng.random() < 0.3 else ast.UnaryOp(op=ast.USub(), operand=node.value)
    return change


def wrong_text(text: str, rng: random.Random) -> str:
    """Text with one of its numbers changed, or without its last line."""
    numbers = list(re.finditer(r"\d+", text))
    if numbers:
        chosen = rng.choice(numbers)
        other = str(int(chosen[0][:15]) + rng.randint(1, 9))
        return text[: chosen.start()] + other + text[chosen.end() :]
    lines = text.rstrip("\n").split("\n")
    return "\n".join(lines[:-1]) if len(lines) > 1 else "pass"


def written(rng: random.Random, model: str, *, good: bool) -> str:
    """A written answer: the author's, or one of the kind that needs a comment."""
    return model if good and model.strip() else rng.choice(SENTENCES)
