"""`kit grade`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kit.cli.options import assignment_argument, course_option, json_option

if TYPE_CHECKING:
    from kit.grading import Tally
    from kit.model import Assignment, Course

_REPAIRS_OF_ONE = 2
_LISTED = 10
_MOST_SHARED = 5


@click.command()
@assignment_argument
@click.option("--learner", "learners", multiple=True, metavar="ID",
              help="Only this learner; may be given several times.")
@click.option("--force", is_flag=True, help="Grade again what is graded already.")
@click.option("--engine", default="local", show_default=True,
              help="Which engine; reference is stock nbgrader.")
@click.option("--workers", type=click.IntRange(1, 256), default=None,
              help="How many side by side; as many as there are cores otherwise.")
@click.option("--require-sandbox", is_flag=True,
              help="Grade nothing where a layer of the sandbox is missing.")
@click.option("--diff", is_flag=True,
              help="Grade on a copy and show what would change; nothing is written.")
@click.option("--apply", is_flag=True, help="Write what --diff shows; needs --reason.")
@click.option("--void", multiple=True, metavar="QUESTION",
              help="With --diff: let a question count for nobody.")
@click.option("--full-credit", multiple=True, metavar="QUESTION",
              help="With --diff: give everyone who handed in a question's full points.")
@click.option("--restore", multiple=True, metavar="QUESTION",
              help="With --diff: let a question count again as it was graded.")
@click.option("--reason", metavar="TEXT",
              help="Why; learners whose score changes read it.")
@click.option("--yes", is_flag=True, help="Do not ask before --apply writes.")
@click.option("--explain", is_flag=True,
              help="Show what would run and why; nothing is run or written.")
@course_option
@json_option
def command(
    assignment: str, course_dir: Path | None, as_json: bool, diff: bool, require_sandbox: bool,
    explain: bool, **options: Any,
) -> None:
    """Grade an assignment: run each submission, score it, write the gradebook.

    What is graded already is not run again; penalties follow changed dates, extensions, teams,
    policy and marks all the same. Ctrl-C stops after the submissions at work; the
    same command goes on from there. What cannot be graded is listed with its reason and shows
    as pending, and the others go on.

    What --void and --full-credit decide holds for every later grading, until --restore takes it
    back. A question is named by its id, or as NOTEBOOK/ID.

    \b
    Examples
      kit grade ps1
      kit grade ps1 --diff
      kit grade ps1 --diff --void test-3 --apply --reason "it asked for the wrong year"
      kit grade ps1 --explain
    """
    from dataclasses import replace

    from kit import workflow
    from kit.cli import differences
    from kit.cli.explaining import show_plan
    from kit.course import assignment_of

    given = {name: options.pop(name)
             for name in (*differences.WISHES, "apply", "reason", "yes")}
    differences.check_options(given, diff=diff)
    course = workflow.load(course_dir)
    if require_sandbox:
        course = replace(course, require_sandbox=True)
    wanted = assignment_of(course, assignment)
    if explain and diff:
        raise click.UsageError("--explain runs nothing and --diff runs everything: give one")
    if explain:
        options.pop("workers")
        show_plan(course, wanted, options, as_json=as_json)
    elif diff:
        differences.show(course, wanted, options, given, as_json=as_json)
    else:
        _grade(course, wanted, options, as_json)


def _grade(course: Course, wanted: Assignment, how: dict[str, Any], as_json: bool) -> None:
    import os
    import time

    from kit import workflow
    from kit.cli import terminal
    from kit.grading import engine_of, run_folder, temporary_in, unused

    engine = engine_of(how["engine"])
    started = time.monotonic()
    workflow.release_of(course, wanted)  # without one there is nothing to announce
    notes = unused(course, wanted, engine=engine.name)
    if not as_json:
        workers = (how["workers"] or os.cpu_count() or 1) if engine.parallel else 1
        terminal.result(wanted.name, f"{terminal.count(workers, 'worker')}, {engine.note}")
        for note in notes:
            terminal.line(f"      {note}")
    with (
        run_folder() as scratch, temporary_in(scratch),
        terminal.live(wanted.name) as on_progress,
    ):
        tally = workflow.grade(course, wanted, on_progress=on_progress, **how)
    tally.seconds = time.monotonic() - started
    if as_json:
        terminal.emit_json({**_plain(wanted, tally), "not_used": list(notes)})
    else:
        _show(wanted, tally)


def _plain(wanted: Assignment, tally: Tally) -> dict[str, Any]:
    return {
        "assignment": wanted.name, "submissions": tally.total, "graded": tally.graded,
        "unchanged": tally.unchanged, "mean": tally.mean, "max_points": tally.max_points,
        "seconds": round(tally.seconds, 3), "need_review": tally.need_review,
        "layers": _layers(tally)[0], "layers_missing": _layers(tally)[1],
        "verified": tally.how["verified"], "shared": tally.how["shared"],
        "disagrees": tally.how["disagrees"],
        "not_apart": [{"notebook": notebook, "grade_id": name, "submissions": count,
                       "reason": tally.why[notebook, name]}
                      for (notebook, name), count in tally.apart.most_common()],
        "need_marking": tally.need_marking,
        "penalties_again": sorted(tally.penalties),
        "got_a_team_grade": sorted(tally.credited), "lost_a_team_grade": sorted(tally.withdrawn),
        "repaired": [{"learner": learner, "message": message}
                     for learner, message in tally.repaired],
        "review": [{"learner": learner, "code": review.code, "reason": review.reason,
                    "notebook": review.notebook, "grade_id": review.grade_id}
                   for learner, review in tally.review],
        "faulty_checks": [{"notebook": one.notebook, "grade_id": one.grade_id,
                           "reason": one.reason, "submissions": count}
                          for one, count in tally.faulty.most_common()],
    }


def _layers(tally: Tally) -> tuple[list[str], list[str]]:
    """The layers of the sandbox that were on for everyone, and those that were not."""
    from kit.sandbox import ALL_LAYERS, GROUP

    on = tally.layers
    if on is None:
        return [], []
    return ([name for name in (*ALL_LAYERS, GROUP) if name in on],
            [name for name in ALL_LAYERS if name not in on])


def _unsealed(tally: Tally) -> list[tuple[str, str]]:
    missing = _layers(tally)[1]
    if not missing:
        return []
    return [("not sealed", f"submissions ran without {', '.join(missing)}; kit doctor says why")]


def _not_verified(tally: Tally) -> list[tuple[str, str]]:
    """The tests that could only be judged beside learners' code: the most frequent."""
    from kit.cli import terminal

    rows = []
    for (notebook, name), count in tally.apart.most_common(_MOST_SHARED):
        why = tally.why[notebook, name]
        what = f"{name} of {notebook}, {terminal.count(count, 'submission')}"
        rows.append(("shared", f"judged beside the learner's code: {what}"
                               + (f" ({why})" if why else "")))
    if len(tally.apart) > _MOST_SHARED:
        rows.append(("", f"and {len(tally.apart) - _MOST_SHARED:,} more tests"))
    return rows


def _show(wanted: Assignment, tally: Tally) -> None:
    from kit.cli import terminal

    if not tally.total:
        terminal.result(wanted.name, "nothing was handed in yet")
        terminal.next_steps([(terminal.command("collect", wanted.name, "DOWNLOADS"),
                              "take in what was")])
        return
    if not tally.graded:
        terminal.result(wanted.name, f"all {tally.unchanged:,} are graded already; "
                                     "--force grades them again")
        _settled(wanted, tally)
        if tally.penalties or tally.credited or tally.withdrawn:
            terminal.next_steps([(terminal.command("feedback", wanted.name),
                                  "bring pages up to date")])
        return
    count, seconds = terminal.count(tally.graded, "submission"), terminal.duration(tally.seconds)
    parts = [f"{count} graded in {seconds}"]
    if tally.mean is not None:
        parts.append(f"mean {tally.mean:.1f} of {tally.max_points:g}")
    if tally.unchanged:
        parts.append(f"{tally.unchanged:,} unchanged, not run again")
    if tally.how["verified"] and not tally.apart:
        parts.append("every point verified")
    if tally.need_review:
        parts.append(f"{_verb(tally.need_review, 'need')} review")
    if tally.need_marking:
        parts.append(f"{_verb(tally.need_marking, 'wait')} for a mark")
    details = [(learner, review.reason) for learner, review in
               sorted(tally.review, key=lambda item: item[0])[:_LISTED]]
    if tally.need_review > _LISTED:
        details.append((f"and {tally.need_review - _LISTED:,} more", ""))
    terminal.result(wanted.name, "   ".join(parts),
                    [*_unsealed(tally), *_faulty(tally), *_not_verified(tally), *details,
                     *_mended(wanted, tally)])
    _settled(wanted, tally)
    _next(wanted, tally)


def _next(wanted: Assignment, tally: Tally) -> None:
    from kit.cli import terminal

    steps = []
    if tally.need_review:
        steps.append((terminal.command("review", wanted.name), "look at them"))
    if tally.need_marking:
        steps.append((terminal.command("marks", "split", wanted.name, "--graders", 2),
                      "hand out what a person marks"))
    steps.append((terminal.command("feedback", wanted.name), "pages for learners"))
    terminal.next_steps(steps)


def _faulty(tally: Tally) -> list[tuple[str, str]]:
    """What the author has to mend: checks that raise an error of their own."""
    from kit.cli import terminal

    return [
        ("author", (f"mend a check of {one.notebook}, cell {one.grade_id}, and grade again: it "
                    f"failed by itself for {terminal.count(count, 'submission')}. {one.reason}"))
        for one, count in tally.faulty.most_common(_LISTED)]


def _verb(number: int, verb: str) -> str:
    return f"{number:,} {verb}{'s' if number == 1 else ''}"


def _mended(wanted: Assignment, tally: Tally) -> list[tuple[str, str]]:
    """What was mended before grading: the same thing of several learners in one line, and of a
    learner with many only the first."""
    from kit.cli import terminal

    by_learner: dict[str, list[str]] = {}
    for learner, message in tally.repaired:
        by_learner.setdefault(learner, []).append(message)
    by_message: dict[str, list[str]] = {}
    for learner, messages in sorted(by_learner.items()):
        if len(messages) > _REPAIRS_OF_ONE:
            messages[:] = [f"{messages[0]}; and {len(messages) - 1:,} more like it"]
        for message in dict.fromkeys(messages):
            by_message.setdefault(message, []).append(learner)
    found = sorted(by_message.items(), key=lambda item: (-len(item[1]), item[1][0], item[0]))
    lines = [(_names(learners), f"mended: {message}") for message, learners in found[:_LISTED]]
    if len(found) > _LISTED:
        more = terminal.count(len(found) - _LISTED, "other repair")
        lines.append(("...", f"{more}, see {terminal.command('review', wanted.name)}"))
    return lines


def _names(learners: list[str]) -> str:
    return learners[0] + (f" and {len(learners) - 1:,} more" if len(learners) > 1 else "")


def _settled(wanted: Assignment, tally: Tally) -> None:
    """What followed dates, people, policy and marks without a notebook being run."""
    from kit.cli import terminal

    many = "penalty" if len(tally.penalties) == 1 else "penalties"
    for number, text in (
        (len(tally.penalties), f"{len(tally.penalties):,} {many} worked out again"),
        (len(tally.credited),
         f"{terminal.count(len(tally.credited), 'learner')} got the grade of a team"),
        (len(tally.withdrawn),
         f"{terminal.count(len(tally.withdrawn), 'learner')} lost the grade of a former team"),
    ):
        if number:
            terminal.line(" " * (len(wanted.name) + 3) + text)
