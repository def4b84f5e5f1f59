"""`kit review`: what a person has to look at, and what they say of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kit.cli.options import course_option, json_option

if TYPE_CHECKING:
    from kit.gradebook import Flag, Ruling
    from kit.model import Assignment, Course

_MENDED = 10
_STEPS = 3


@click.command()
@click.argument("assignment", required=False)
@click.option("--cell", metavar="QUESTION", help="Only this question.")
@click.option("--learner", metavar="ID", help="Only this learner, or their team.")
@click.option("--code", metavar="CODE", help="Only this reason, as timeout.")
@click.option("--points", type=float, help="Settle: give these points.")
@click.option("--full", is_flag=True, help="Settle: give full points.")
@click.option("--accept", is_flag=True, help="Settle: leave the points as they stand.")
@click.option("--reason", metavar="TEXT", help="Why; it is kept, and learners do not see it.")
@click.option("--yes", is_flag=True, help="Do not ask before several are settled at once.")
@course_option
@json_option
def command(
    assignment: str | None, course_dir: Path | None, as_json: bool, yes: bool, **given: Any
) -> None:
    """List what needs review, and settle it: one by one, or all of a kind.

    Alone it shows each question and reason with one example; narrowed down, each hand-in. Until
    it is settled learners see the question as pending. What is settled stays so when the same
    work is graded again; other work, or another release, opens it only if it is flagged again.

    \b
    Example
      kit review ps1
      kit review ps1 --cell test-3 --learner learner-0042 --points 2 --reason "right by hand"
      kit review ps1 --code timeout --accept --reason "endless loops, I read them all"
    """
    from kit import workflow
    from kit.course import assignment_of

    ruling = _ruling(given)
    narrowed = any(given[name] for name in ("cell", "learner", "code"))
    if ruling is not None and not (assignment and narrowed):
        raise click.UsageError("say of what: ASSIGNMENT, and --cell, --learner or --code")
    course = workflow.load(course_dir)
    wanted = (assignment_of(course, assignment),) if assignment else course.assignments
    if ruling is not None:
        _settle(course, wanted[0], given, ruling, yes=yes, as_json=as_json)
    else:
        _list(course, wanted, given, narrowed=narrowed, as_json=as_json)


def _ruling(given: dict[str, Any]) -> Ruling | None:
    """What a person says, if they say something. Raises click.UsageError, GradingError."""
    from kit import gradebook

    said = [name for name in ("points", "full", "accept") if given[name] not in (None, False)]
    if len(said) > 1:
        raise click.UsageError("give one of --points, --full and --accept")
    if not said:
        if given["reason"] is not None:
            raise click.UsageError("--reason goes with --points, --full or --accept")
        return None
    if given["reason"] is None:
        raise click.UsageError("--reason is needed: it is kept with your name")
    kind: Any = said[0]
    return gradebook.Ruling(kind=kind, points=given["points"], who=gradebook.account(),
                            reason=gradebook.stated(given["reason"]))


def _check_names(found: list[Flag], given: dict[str, Any]) -> None:
    """Raise UnknownName for a question, learner or code that nothing in review has."""
    from kit.errors import UnknownName

    for option, what, choices in (
        ("cell", "question in review", [one.review.grade_id for one in found]),
        ("learner", "learner in review", [who for one in found for who in one.members]),
        ("code", "reason for review", [one.review.code for one in found]),
    ):
        known = [choice for choice in dict.fromkeys(choices) if choice]
        if given[option] and given[option] not in known:
            raise UnknownName(what, given[option], known,
                              hint="" if known else "nothing needs review")


def _fits(flag: Flag, given: dict[str, Any]) -> bool:
    return (given["cell"] in (None, flag.review.grade_id)
            and given["code"] in (None, flag.review.code)
            and (given["learner"] is None or given["learner"] in flag.members))


# ------------------------------------------------------------------------------------- list


def _list(
    course: Course, wanted: tuple[Assignment, ...], given: dict[str, Any], *, narrowed: bool,
    as_json: bool,
) -> None:
    from kit import gradebook, regrading
    from kit.cli import terminal

    told, steps = [], []
    for each in wanted:
        found = list(regrading.flags(course, each))
        if len(wanted) == 1:
            _check_names(found, given)
        chosen = [one for one in found if not one.settled and _fits(one, given)]
        repairs = {} if narrowed else {
            who: [one.message for one in made]
            for who, made in sorted(gradebook.repairs(course, each).items())}
        steps += _steps(each, chosen, narrowed=narrowed)
        if as_json:
            told.append({
                "assignment": each.name,
                "needs_review": [_plain(course, each, one) for one in chosen],
                "groups": [_plain_group(group) for group in _groups(chosen)],
                "repaired": repairs})
        else:
            _show(course, each, chosen, repairs, narrowed=narrowed)
    if as_json:
        terminal.emit_json({"assignments": told})
    else:
        terminal.next_steps(steps[:_STEPS])


def _show(
    course: Course, each: Assignment, chosen: list[Flag], repairs: dict[str, list[str]], *,
    narrowed: bool,
) -> None:
    from kit.cli import terminal

    people = len({one.learner for one in chosen})
    needs = "needs" if people == 1 else "need"
    terminal.result(each.name, f"{terminal.count(people, 'hand-in')} {needs} review"
                    if people else "nothing needs review")
    (_show_each if narrowed else _show_groups)(course, each, chosen)
    if repairs:
        terminal.line()
        terminal.line("mended before grading; the scores stand", style="bold")
    for who, made in list(repairs.items())[:_MENDED]:
        more = f"; and {len(made) - 1:,} more like it" if len(made) > 1 else ""
        terminal.paragraph(f"{who}: {made[0]}{more}")
    if len(repairs) > _MENDED:
        terminal.line(f"      and {len(repairs) - _MENDED:,} more mended; --json lists them all")


def _groups(chosen: list[Flag]) -> list[list[Flag]]:
    """By question and reason, the commonest first."""
    found: dict[tuple[str, str, str], list[Flag]] = {}
    for one in chosen:
        found.setdefault((one.review.notebook, one.review.grade_id, one.review.code),
                         []).append(one)
    return [found[key] for key in sorted(found, key=lambda key: (-len(found[key]), key))]


def _place(flag: Flag) -> str:
    return flag.review.grade_id or flag.review.notebook or "the hand-in"


def _stands(flag: Flag) -> str:
    if not flag.cells:
        return "no points yet"
    stands = "none" if flag.points is None else f"{flag.points:g}"
    return f"{stands} of {flag.max_points:g} points"


def _show_groups(course: Course, each: Assignment, chosen: list[Flag]) -> None:
    """Each question and reason: how many, an example, what to do."""
    from kit.cli import terminal

    for group in _groups(chosen):
        first = group[0]
        terminal.line()
        terminal.line(f"{_place(first)}   {first.review.code}   "
                      f"{terminal.count(len(group), 'hand-in')}", style="bold")
        more = f" and {len(group) - 1:,} more" if len(group) > 1 else ""
        terminal.paragraph(f"{first.learner}{more}: {_stands(first)}")
        _example(course, each, first)
        terminal.paragraph(first.advice.text, style="dim")


def _show_each(course: Course, each: Assignment, chosen: list[Flag]) -> None:
    """Each hand-in, by question."""
    from kit.cli import terminal

    for one in (flag for group in _groups(chosen) for flag in group):
        terminal.line()
        terminal.line(f"{one.learner}   {_place(one)}   {one.review.code}   {_stands(one)}",
                      style="bold")
        others = [who for who in one.members if who != one.learner]
        if others:
            terminal.paragraph(f"also for {', '.join(others)}")
        _example(course, each, one)
    if chosen:
        terminal.line()
        for text in dict.fromkeys(one.advice.text for one in chosen):
            terminal.paragraph(text, indent=0, style="dim")


def _example(course: Course, each: Assignment, flag: Flag) -> None:
    from kit.cli import terminal

    terminal.paragraph(flag.review.reason)
    if flag.message and flag.message not in flag.review.reason:
        terminal.paragraph(flag.message.splitlines()[0])
    path = _path(course, each, flag)
    if path is not None:
        terminal.line(f"      {terminal.here(path)}")


def _path(course: Course, each: Assignment, flag: Flag) -> Path | None:
    """What to open: the graded notebook, else what was handed in."""
    name = f"{flag.review.notebook}.ipynb" if flag.review.notebook else ""
    for folder in ("autograded", "submitted"):
        home = course.root / folder / flag.learner / each.name
        if home.is_dir():
            return home / name if name and (home / name).is_file() else home
    return None


def _steps(
    each: Assignment, chosen: list[Flag], *, narrowed: bool
) -> list[tuple[str, str]]:
    from kit.cli import terminal

    steps = []
    for group in _groups(chosen):
        first = group[0]
        review = ("review", each.name)
        cell: tuple[str, ...] = ("--cell", first.review.grade_id) if (
            first.review.grade_id) else ()
        by = first.advice.settled_by
        if by == "collect":
            steps.append((terminal.command("collect", each.name, "DOWNLOADS"), _ask(len(group))))
        elif by == "grade":
            steps.append((terminal.command("grade", each.name), "grade what is not graded yet"))
        elif by == "review" and len(group) > 1 and not narrowed:
            steps.append((terminal.command(*review, *cell, "--code", first.review.code),
                          "each of them"))
        elif by == "review":
            if sum(one.learner == first.learner for one in chosen) == 1:
                cell = ()
            how = ("--points", 0) if first.points is None else ("--accept",)
            steps.append((terminal.command(*review, *cell, "--learner", first.learner, *how,
                                           "--reason", "WHY"),
                          "settle it; or with --points, --full"))
    return steps


def _ask(number: int) -> str:
    stays = "stays" if number == 1 else "stay"
    return f"{number:,} cannot be read and {stays} pending until a new version is taken in"


def _plain(course: Course, each: Assignment, flag: Flag) -> dict[str, Any]:
    return {
        "learner": flag.learner, "members": list(flag.members), "code": flag.review.code,
        "reason": flag.review.reason, "notebook": flag.review.notebook,
        "question": flag.review.grade_id, "points": flag.points, "max_points": flag.max_points,
        "message": flag.message, "path": _path(course, each, flag),
    }


def _plain_group(group: list[Flag]) -> dict[str, Any]:
    first = group[0]
    return {
        "notebook": first.review.notebook, "question": first.review.grade_id,
        "code": first.review.code, "hand_ins": len(group), "example": first.learner,
        "advice": first.advice.text, "settled_by": first.advice.settled_by,
    }


# ----------------------------------------------------------------------------------- settle


def _settle(
    course: Course, wanted: Assignment, given: dict[str, Any], ruling: Ruling, *, yes: bool,
    as_json: bool,
) -> None:
    from kit import regrading
    from kit.cli import terminal
    from kit.errors import GradingError

    found = list(regrading.flags(course, wanted))
    _check_names(found, given)
    named = bool(given["cell"] and given["learner"])  # what is named by itself may be settled anew
    chosen = [one for one in found if _fits(one, given) and (named or not one.settled)]
    if not chosen:
        raise GradingError("nothing that is open fits", where=wanted.name,
                           hint=f"see what is: {terminal.command('review', wanted.name)}")
    hand_ins = terminal.count(len({one.learner for one in chosen}), "hand-in")
    if (len(chosen) > 1 and not yes and not as_json and sys.stdin.isatty()
            and not click.confirm(f"Settle {len(chosen)} of {hand_ins}?", default=False)):
        terminal.result(wanted.name, "nothing was settled")
        return
    act = regrading.settle_review(course, wanted, chosen, ruling)
    left = [one for one in regrading.flags(course, wanted) if not one.settled]
    if as_json:
        terminal.emit_json({
            "assignment": wanted.name, "who": act.who, "at": act.at.isoformat(),
            "reason": act.reason, "changed": len(act.changes), "left": len(left),
            "settled": [{"learner": one.learner, "code": one.review.code,
                         "question": one.review.grade_id} for one in chosen]})
        return
    words = {"points": f"{ruling.points or 0:g} points", "full": "full points",
             "accept": "the points as they stood"}[ruling.kind]
    terminal.result(wanted.name, f"{hand_ins} settled with {words}   "
                                 f"{terminal.count(len(act.changes), 'score')} changed",
                    [("by", act.who), ("why", act.reason)])
    open_now = len({one.learner for one in left})
    terminal.next_steps([
        (terminal.command("review", wanted.name), f"{open_now:,} left") if left
        else (terminal.command("feedback", wanted.name), "bring pages up to date")])
