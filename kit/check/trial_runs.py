"""Run the trials of a course's questions: the author's own with each check, mutants on request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace

from kit import notebook as nb
from kit.check import runs, source, trials
from kit.check.context import Paper, Run, Work
from kit.check.trials import Mutated, Question, Trial, Tried
from kit.model import Course, Progress
from kit.sandbox import Code, Pool

OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A trial that was handed to the sandbox."""

    path: str
    trial: Trial
    run: Future[Run]


def start(submit: runs.Submit, works: Sequence[Work]) -> list[Started]:
    """Hand over the wrong and the other answers that the author wrote."""
    return [
        Started(path=paper.path, trial=trial, run=submit(_task(work, paper, trial)))
        for work, paper in _papers(works)
        for trial in trials.written(paper.notebook, _solved(paper))[0]
    ]


def finish(
    started: Sequence[Started], works: Sequence[Work], *, tell: Callable[[str], None]
) -> tuple[Work, ...]:
    """The same works with what their trials earned. `tell` is called as each run ends."""
    found: dict[str, list[Tried]] = {}
    solved = {paper.path: _solved(paper) for _, paper in _papers(works)}
    for one in started:
        found.setdefault(one.path, []).append(trials.tried(
            one.trial, solved[one.path], one.run.result().cells))
        tell(one.path)

    def with_trials(paper: Paper) -> Paper:
        if paper.path not in solved:
            return paper
        misplaced = trials.written(paper.notebook, solved[paper.path])[1]
        return replace(paper, trials=tuple(found.get(paper.path, ())),
                       misplaced=tuple(misplaced))

    return tuple(replace(work, papers=tuple(map(with_trials, work.papers))) for work in works)


def mutate(
    course: Course, works: Sequence[Work], *, on_progress: OnProgress | None = None,
    pool: Pool | None = None,
) -> tuple[Mutated, ...]:
    """The mutation score of each question that has mutants: what its tests noticed of them.

    Each mutant runs the notebook up to the question's last test. One that leaves every value as
    the solution does is no wrong answer, and is left out.
    """
    results: dict[str, list[Tried]] = {}
    with runs.running(course, pool=pool) as submit:
        planned = list(_planned(submit, works))
        for done, (work, paper, trial, run, right) in enumerate(planned, start=1):
            ended = run.result()
            results.setdefault(paper.path, []).append(trials.tried(
                trial, _solved(paper), ended.cells,
                same=_unchanged(trial, ended, right.result())))
            if on_progress is not None:
                on_progress(Progress(done=done, total=len(planned),
                                     note=f"{work.assignment.name}/{paper.name}"))
    return tuple(one for path, tried in results.items() for one in trials.mutated(path, tried))


_Planned = tuple[Work, Paper, Trial, "Future[Run]", "Future[Run]"]


def _planned(submit: runs.Submit, works: Sequence[Work]) -> Iterator[_Planned]:
    for work, paper in _papers(works):
        solved = _solved(paper)
        right: dict[str, Future[Run]] = {}
        for trial in trials.made(solved):
            name = trial.question.name
            if name not in right:
                right[name] = submit(_task(work, paper, _as_solved(trial.question, solved)))
            yield work, paper, trial, submit(_task(work, paper, trial)), right[name]


def _as_solved(question: Question, solved: nb.Notebook) -> Trial:
    answer = question.answers[0]
    return Trial(sort="other", question=question, answer=answer,
                 source=nb.source(solved["cells"][answer]))


def _unchanged(trial: Trial, run: Run, right: Run) -> bool:
    """Whether the mutant left each name that the answer binds as the solution leaves it.

    What a function does shows in no value, so an answer that defines one is never unchanged.
    """
    names = source.bound(trial.source)
    return bool(names) and names <= right.values.keys() and all(
        run.values.get(name) == digest for name, digest in right.values.items())


def _papers(works: Iterable[Work]) -> Iterator[tuple[Work, Paper]]:
    for work in works:
        for paper in work.papers:
            if paper.python and paper.stages is not None:
                yield work, paper


def _solved(paper: Paper) -> nb.Notebook:
    assert paper.stages is not None
    return paper.stages.solved


def _task(work: Work, paper: Paper, trial: Trial) -> runs.Task:
    cells = trials.cells_of(trial, _solved(paper))
    return runs.Task(
        key=(paper.path, "trial"), places=tuple(place for place, _ in cells), folder=work.folder,
        cells=tuple(Code(source=text) for _, text in cells), limits=work.assignment.limits,
        copy=True, probe=True)

