"""A class is graded whatever single submissions do; an interrupted run goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from bench import Bench, answer, check, code, handed_in, locked, notebook, points

from kit.errors import Interrupted, UnknownName
from kit.grading import differences, grade
from kit.model import CellGrade, CellKind, GradeRow, Limits, Progress, Roster, Submission

HOSTILE = {
    "learner-0010": "while True: pass",
    "learner-0011": "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
    "learner-0012": "x = bytearray(50 * 10**9)",
    "learner-0013": "import os\nwhile True:\n    os.fork()",
    "learner-0014": "import os\nos._exit(0)",
    "learner-0015": "while True:\n    print('a' * 10**6)",
    "learner-0016": "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)",
    "learner-0017": "open('big', 'wb').write(b'0' * 300 * 1024**2)",
    "learner-0018": "import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(9)",
    "learner-0019": "import os\nos.symlink('/etc', 'etc')\nos.mkfifo('pipe')\nos.chmod('.', 0)",
    "learner-0020": "import shutil, os\nshutil.rmtree(os.getcwd())",
    "learner-0021": "from IPython.display import display\nfor i in range(10**5): display(i)",
}


@pytest.fixture
def assignment(bench: Bench) -> Bench:
    bench.released(locked("setup", "import os"), answer("a"), check("t", "assert a == 1", 2),
                   answer("b"), check("u", "assert True", 1))
    return bench


def run(bench: Bench, work: list[Submission], **options: object) -> dict[str, object]:
    scores = grade(bench.course, bench.assignment, bench.release, work, roster=Roster(),
                         workers=2, **options)  # type: ignore[arg-type]
    return {score.learner: score for score in scores}


def sheet(bench: Bench, learner: str, **answers: str) -> Submission:
    return bench.hand_in(handed_in(bench.release.notebooks[0].cells, answers), learner)


def test_hostile_submissions_stop_nobody(assignment: Bench) -> None:
    work = [sheet(assignment, "learner-0001", a="a = 1"),
            assignment.hand_in(b"{ not json", "learner-0002"),
            *(sheet(assignment, learner, a="a = 1", b=text) for learner, text in HOSTILE.items()),
            sheet(assignment, "learner-0099", a="a = 1")]
    began = time.monotonic()
    scores = run(assignment, work)
    assert time.monotonic() - began < 120
    assert set(scores) == {one.learner for one in work}
    for learner in ("learner-0001", "learner-0099", *HOSTILE):
        assert points(scores[learner])["t"] == 2, learner  # type: ignore[arg-type]
    assert scores["learner-0002"].review[0].code == "unreadable"  # type: ignore[attr-defined]
    graded = assignment.root / "autograded" / "learner-0019" / "ps1"
    assert sorted(path.name for path in graded.iterdir()) == ["p1.ipynb"]


def test_calls_that_a_test_makes_of_everyone_are_made_once_of_each(bench: Bench) -> None:
    square = "def f(n):\n    return n * n"
    bench.released(
        answer("a", solution=square), check("t", "assert [f(n) for n in range(4)] == [0, 1, 4, 9]"),
        answer("b", solution="def count():\n    return 4"), check("u", "assert count() == 4"))
    told = "told = []\ndef f(n):\n    told.append(n)\n    print(n)\n    return n * n"
    answers = [(square, "def count():\n    return 4"), (told, "def count():\n    return len(told)"),
               (f"{square} + (n == 3)", "def count():\n    return 4"), (square, "count = len")]
    work = [bench.hand_in(handed_in(bench.release.notebooks[0].cells, {"a": a, "b": b}),
                          f"learner-000{place}")
            for place, (a, b) in enumerate((*answers, *answers), 1)]
    scores = grade(bench.course, bench.assignment, bench.release, work, roster=Roster(), workers=1)
    assert [points(one) for one in sorted(scores, key=lambda one: one.learner)] == 2 * [
        {"t": 1, "u": 1}, {"t": 1, "u": 1}, {"t": 0, "u": 1}, {"t": 1, "u": 0}]
    assert all(result.how == "verified" for one in scores for result in one.results)
    shown = bench.written("learner-0002")["cells"][1]["outputs"]
    assert [one["text"] for one in shown] == [["0\n", "1\n", "2\n", "3\n"]]


def test_run_leaves_no_process_behind(assignment: Bench, tmp_path: Path) -> None:
    mark = tmp_path / "alive"
    daemon = ("import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
              f"        time.sleep(1.5)\n        open({str(mark)!r}, 'w').close()\n"
              "    os._exit(0)")
    run(assignment, [sheet(assignment, "learner-0001", a="a = 1", b=daemon)])
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        assert not mark.exists()


def test_progress_counts_what_is_done(assignment: Bench) -> None:
    work = [sheet(assignment, "learner-0001", a="a = 1"), sheet(assignment, "learner-0002")]
    seen: list[Progress] = []
    assert len(run(assignment, work, on_progress=seen.append)) == 2
    assert [(p.done, p.total) for p in seen] == [(1, 2), (2, 2)]


def test_unknown_engine_names_the_known_ones(assignment: Bench) -> None:
    with pytest.raises(UnknownName, match="locale"):
        run(assignment, [sheet(assignment, "learner-0001")], engine="locale")


def test_interrupt_finishes_what_is_at_work(assignment: Bench) -> None:
    work = [sheet(assignment, f"learner-{n:04d}", a="a = 1") for n in range(12)]
    done = []
    stream = grade(assignment.course, assignment.assignment, assignment.release, work,
                         roster=Roster(), workers=2)

    def stop_after_the_first() -> None:
        for score in stream:
            if not done:
                os.kill(os.getpid(), signal.SIGINT)
            done.append(score.learner)

    with pytest.raises(Interrupted, match="of 12 submissions"):
        stop_after_the_first()
    assert 1 <= len(done) < 12


def test_files_are_those_of_nbgrader(assignment: Bench) -> None:
    """The learner's files, the author's over them, outputs in the notebook, read-only."""
    source = assignment.root / "source" / "ps1"
    source.mkdir(parents=True)
    (source / "data.csv").write_text("author")
    cells = handed_in(assignment.release.notebooks[0].cells, {"a": "a = 1\nprint('shown')"})
    score = assignment.grade([*cells, code("open('made.txt', 'w').write('x'); 5")],
                             **{"data.csv": "learner", "own.txt": "mine",
                                "timestamp.txt": "2030-01-01 00:00:00 UTC", "x.pyc": "no"})
    assert points(score) == {"t": 2, "u": 1}
    folder = assignment.root / "autograded" / "learner-0001" / "ps1"
    assert {p.name: p.stat().st_mode & 0o777 for p in folder.iterdir()} == dict.fromkeys(
        ("data.csv", "made.txt", "own.txt", "p1.ipynb", "timestamp.txt"), 0o444)
    assert (folder / "data.csv").read_text() == "author"
    written = assignment.written()
    assert written["cells"][1]["outputs"] == [
        {"name": "stdout", "output_type": "stream", "text": ["shown\n"]}]
    assert [c["execution_count"] for c in written["cells"]] == [1, 2, 3, 4, 5, 6]
    assert set(written["cells"][1]["metadata"]["execution"]) == {
        "iopub.execute_input", "iopub.status.busy", "iopub.status.idle", "shell.execute_reply"}
    assert written["cells"][2]["metadata"]["nbgrader"]["points"] == 2


def test_graded_notebook_is_valid_for_nbformat_and_nbgrader(assignment: Bench) -> None:
    assignment.answers(a="a = 1")
    path = assignment.root / "autograded" / "learner-0001" / "ps1" / "p1.ipynb"
    script = ("import sys, nbformat\nfrom nbgrader.nbgraderformat import read\n"
              "with open(sys.argv[1]) as f: nbformat.validate(read(f, as_version=4))\n")
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_differences_name_learner_question_and_cause(assignment: Bench) -> None:
    noisy = check("t", "import sys; print('x', file=sys.stderr)\nassert a == 1", 2)
    assignment.released(answer("a"), noisy, check("u", "assert a == 1", 1))
    score = assignment.answers(a="a = 1")
    def cell(name: str, auto: float, full: float) -> CellGrade:
        return CellGrade(notebook="p1", grade_id=name, kind=CellKind.TEST, max_points=full,
                         auto=auto)

    row = GradeRow(assignment="ps1", learner="learner-0001", score=0.0, max_score=3,
                   cells=(cell("t", 0.0, 2), cell("u", 1.0, 1)))
    (one,) = differences([score], [row], [])
    assert (one.learner, one.grade_id, one.change, one.cause) == (
        "learner-0001", "t", 2, "stderr-noise")
    same = replace(row, score=3.0, cells=(cell("t", 2, 2), cell("u", 1, 1)))
    assert not differences([score], [same], [same])


def test_differences_name_penalties_and_whole_scores() -> None:
    def row(learner: str, score: float | None, penalty: float = 0.0) -> GradeRow:
        return GradeRow(assignment="ps1", learner=learner, score=score, max_score=3,
                        penalty=penalty)

    before = [row("learner-0001", 3.0), row("learner-0002", 2.0, 1.0), row("learner-0003", 1.0),
              row("learner-0004", None), row("learner-0005", 2.0, 1.0)]
    after = [row("learner-0001", 2.0, 1.0), row("learner-0002", 3.0), row("learner-0003", 1.5),
             row("learner-0004", 2.0), row("learner-0005", 2.0, 1.0)]
    assert [(one.learner, one.grade_id, one.recorded, one.graded, one.change, one.cause)
            for one in differences([], before, after)] == [
        ("learner-0004", "total", None, 2.0, 2.0, "not-recorded"),
        ("learner-0001", "late penalty", 0.0, -1.0, -1.0, "late-penalty"),
        ("learner-0002", "late penalty", -1.0, 0.0, 1.0, "late-penalty"),
        ("learner-0003", "total", 1.0, 1.5, 0.5, "other"),
    ]


def test_output_is_bounded(assignment: Bench) -> None:
    assert assignment.assignment.limits == Limits(cell_seconds=5, cpu_seconds=20)
    score = assignment.answers(a="a = 1\nprint('a' * 20 * 1024**2)")
    assert points(score)["t"] == 2
    path = assignment.root / "autograded" / "learner-0001" / "ps1" / "p1.ipynb"
    assert path.stat().st_size < 7 * 1024**2
    assert "output cut" in json.dumps(assignment.written()["cells"][1]["outputs"][-1]["text"][-2:])


def test_minor_five_notebooks_get_ids(assignment: Bench) -> None:
    cells = handed_in(assignment.release.notebooks[0].cells, {"a": "a = 1"})
    assignment.grade(json.dumps(notebook(cells[1:], minor=5)).encode())
    assert all(cell["id"] for cell in assignment.written()["cells"])
