"""How a widget stands on a page, from what a kernel reported: drawn by us, drawn, or not alive."""

from __future__ import annotations

from typing import Any

from kit.lesson.standing import Piece, Stand, reported, stands

FROZEN = {"outs": ["out"], "boxes": ["box"], "controls": ["n", "k"], "spec": {}}
WIDGETS: dict[str, Any] = {
    "box": {"kind": "interactive", "children": ["n", "k", "out"]},
    "n": {"kind": "IntSlider"}, "k": {"kind": "Dropdown"}, "out": {"kind": "Output"},
    "words": {"kind": "HTML", "html": "<div>Try</div>"}, "quiz": {"kind": "Quiz", "part": True},
    "go": {"kind": "Button", "why": "its button runs Python"}, "bar": {"kind": "FloatProgress"},
}


def on_page(*shown: str, groups: tuple[Any, ...] = (FROZEN,), **more: Any) -> list[Stand]:
    boxes = {name: {"kind": "VBox", "children": children} for name, children in more.items()}
    return stands({"widgets": {**WIDGETS, **boxes}, "groups": groups}, shown)


def drawn(*pieces: Piece) -> Stand:
    return Stand(pieces=pieces)


def test_an_interact_is_drawn_and_words_beside_it_stay_where_they_were() -> None:
    assert on_page("box") == [drawn(Piece(group=0))]
    assert on_page("all", all=["words", "box", "quiz"]) == [
        drawn(Piece(html="<div>Try</div>"), Piece(group=0), Piece(part="quiz"))]


def test_controls_that_are_shown_apart_stand_with_what_they_move() -> None:
    assert on_page("apart", "out", apart=["words", "n", "k"]) == [
        drawn(Piece(html="<div>Try</div>")), drawn(Piece(group=0))]


def test_two_functions_of_one_slider_stand_where_the_first_was_shown() -> None:
    both = {**FROZEN, "outs": ["out", "bar"]}
    assert on_page("n", "bar", "out", groups=(both,)) == [drawn(), drawn(Piece(group=0)), drawn()]


def test_controls_alone_move_nothing() -> None:
    assert on_page("n") == [Stand(why="what it moves is not shown on this page")]


def test_one_that_falls_takes_those_with_it_that_need_it() -> None:
    first, second = on_page("apart", "rest", apart=["n", "k"], rest=["out", "bar"])
    assert first == Stand(why="what it moves is not shown on this page")
    assert second.pieces is None
    assert "in one box with a FloatProgress" in second.why


def test_the_reason_is_the_first_that_is_found() -> None:
    never = {**{name: FROZEN[name] for name in ("outs", "boxes", "controls")}, "why": "a button"}
    assert on_page("box", groups=(never,)) == [Stand(why="a button")]
    assert on_page("all", all=["words", "box", "go"]) == [Stand(why="its button runs Python")]


def test_what_nothing_listens_to_needs_no_word() -> None:
    assert on_page("bar", "words", "all", all=["words", "bar"]) == [Stand(), Stand(), Stand()]


def test_a_widget_that_is_gone_or_holds_itself_ends() -> None:
    assert on_page("gone", "loop", loop=["loop", "bar"]) == [Stand(), Stand()]
    failed = {"widgets": {}, "groups": [], "failed": "it took too long"}
    assert stands(failed, ["box"]) == [Stand(why="it took too long")]


def test_a_report_is_found_among_outputs() -> None:
    kind = "application/x-coursewright-widgets+json"
    assert reported([{"text": "x"}, {"data": {kind: {"groups": []}}}]) == {"groups": []}
    assert reported([{"data": {kind: "no mapping"}}]) is None
