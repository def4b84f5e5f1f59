"""Each planted fault is found under its code, in its place, and nothing else is reported."""

from __future__ import annotations

import pytest

PS1 = "source/ps1/interest.ipynb"

FAULTS = {
    # name: (what is planted, code, path, cell)
    "course-key": (lambda f, _: f.edit("course.yml", "title: Faults", "titel: Faults"),
                   "E101", "course.yml", ""),
    "no-notebook": (lambda f, _: f.edit("course.yml", "outcomes:",
                                        "  - name: ps2\n    due: 2027-02-01 12:00\noutcomes:"),
                    "E102", "course.yml", ""),
    "unlisted-folder": (lambda f, _: f.write("source/old/a.ipynb", "{}"), "W103", "source/old", ""),
    "unreadable": (lambda f, _: f.write("source/ps1/broken.ipynb", "{"), "E104",
                   "source/ps1/broken.ipynb", ""),
    "bad-id": (lambda f, _: f.meta("why", grade_id="why not"), "E105", PS1, "7"),
    "twice": (lambda f, cell: f.insert(8, cell("manual", "x", "why", 1)), "E106", PS1, "why"),
    "markdown-test": (lambda f, _: f.meta("why", solution=False), "E107", PS1, "why"),
    "negative-points": (lambda f, _: f.meta("test_draws", points=-1), "E107", PS1, "test_draws"),
    "newer-schema": (lambda f, _: f.meta("setup", schema_version=9), "E107", PS1, "setup"),
    "old-schema": (lambda f, _: f.meta("setup", schema_version=2), "W108", PS1, ""),
    "unbalanced": (lambda f, _: f.source("draws", "\n### END SOLUTION", ""), "E109", PS1, "draws"),
    "stray-solution": (lambda f, _: f.source(
        "setup", "import", "### BEGIN SOLUTION\nz = 1\n### END SOLUTION\nimport"),
        "E110", PS1, "setup"),
    "stray-hidden": (lambda f, _: f.source(
        "setup", "import", "### BEGIN HIDDEN TESTS\nz = 1\n### END HIDDEN TESTS\nimport"),
        "E111", PS1, "setup"),
    "stray-scheme": (lambda f, cell: f.insert(
        0, cell("text", "### BEGIN MARK SCHEME\n5 points\n### END MARK SCHEME")), "E112", PS1, "1"),
    "zero-points": (lambda f, _: f.meta("draw", points=0), "W113", PS1, "draw"),
    "untested": (lambda f, cell: f.insert(6, cell("answer", "late = 1", "late")), "E115", PS1,
                 "late"),
    "config": (lambda f, _: f.write("nbgrader_config.py", "c.X = ("), "E117",
               "nbgrader_config.py", ""),
    "early-date": (lambda f, _: f.edit("course.yml", "2027-01-25", "2026-01-25"), "E121",
                   "course.yml", ""),
    "late-date": (lambda f, _: f.edit("course.yml", "2027-01-25", "2072-01-25"), "E121",
                  "course.yml", ""),
    "early-answers": (lambda f, _: f.edit("course.yml", "limits:",
                                          "feedback: {expected: true}\nlimits:"),
                      "W122", "course.yml", ""),
    "unknown-evidence": (lambda f, _: f.edit("course.yml", "ps1/test_interest", "ps1/test_intrest"),
                         "E124", "course.yml", ""),
    "no-evidence": (lambda f, _: f.edit("course.yml", "[ps1/test_interest]", "[]"), "W125",
                    "course.yml", ""),
    "absolute-path": (lambda f, _: f.source(
        "setup", "import", "where = '/home/author/sales.csv'\nimport"), "E131", PS1, "setup"),
    "missing-file": (lambda f, _: (f.root / "source/ps1/sales.csv").rename(f.root / "moved.csv"),
                     "E132", PS1, "setup"),
    "file-of-a-test": (lambda f, _: f.source("test_draws", "assert", "open('no.csv')\nassert"),
                       "E132", PS1, "test_draws"),
    "outside-file": (lambda f, _: f.source("setup", "open('sales.csv')",
                                           "open('../ps1/sales.csv')"), "E132", PS1, "setup"),
    "wrong-solution": (lambda f, _: f.source("test_interest", "150", "151"), "E201", PS1,
                       "test_interest"),
    "looks-around": (lambda f, _: f.source(
        "test_draws", "assert len(draws) == 5", "assert len(get_ipython().user_ns['draws']) == 5"),
        "W217", PS1, "test_draws"),
    "half-marks": (lambda f, _: f.source("test_draws", "* 2", "* 1"), "E201", PS1, "test_draws"),
    "untouched": (lambda f, _: f.source(
        "test_draws", "assert len(draws) == 5\nscore = float(len(set(draws)) > 1) * 2\nscore",
        "try:\n    assert draws[0] >= 0\nexcept NameError:\n    pass"), "E202", PS1, "test_draws"),
    "empty": (lambda f, _: f.source("test_interest", f.cell("test_interest")["source"],
                                    "assert interest(1, 1) in (None, 1)"),
              "E203", PS1, "test_interest"),
    "answer-stated": (lambda f, _: f.source("test_interest", "### BEGIN",
                                            "assert paid == 150.0\n### BEGIN"),
                      "E204", PS1, "test_interest"),
    "answer-near": (lambda f, _: f.source("test_interest", "### BEGIN",
                                          "assert abs(paid - 150) < 0.01\n### BEGIN"),
                    "E204", PS1, "test_interest"),
    "answer-named": (lambda f, _: f.source("test_interest", "### BEGIN",
                                           "right = 150.0\nok = right == paid\n### BEGIN"),
                     "E204", PS1, "test_interest"),
    "unseeded": (lambda f, _: (
        f.source("draws", "default_rng(7)", "default_rng()"),
        f.source("draws", "integers(0, 100,", "integers(1000, 9000,")),  # no number of a test
        "E205", PS1, "draws"),
    "clock": (lambda f, _: f.source("setup", "import", "import time; now = time.time()\nimport"),
              "E205", PS1, "setup"),
    "order": (lambda f, _: (f.source("test_interest", "assert isinstance",
                                     "wanted = 5\nassert isinstance"),
                            f.source("test_draws", "== 5", "== wanted")),
              "W206", PS1, "test_draws"),
    "asserts-nothing": (lambda f, _: f.source(
        "test_interest", f.cell("test_interest")["source"], "shown = interest(1, 1)"),
        "W211", PS1, "test_interest"),
    "demonstration": (lambda f, cell: f.insert(1, cell("code", "prnt('on purpose')")),
                      "W212", PS1, "2"),
    "endless-demonstration": (lambda f, cell: (
        f.edit("course.yml", "cell_seconds: 20", "cell_seconds: 1"),
        f.insert(1, cell("code", "while True:\n    pass"))), "W212", PS1, "2"),
    "kernel": (lambda f, _: f.kernel("python3.6-env", "python"), "W119", PS1, ""),
    "foreign-kernel": (lambda f, _: f.kernel("ir", "R"), "W119", PS1, ""),
    "lesson-kernel": (lambda f, _: f.edit("lessons/second.md", "  name: python3\n  display_name: "
                                          "Python 3", "  name: ir\n  language: R"),
                      "E312", "lessons/second.md", ""),
    "raises": (lambda f, _: f.source("setup", "import", "print(undefined_name)\nimport"), "E208",
               PS1, "setup"),
    "too-many": (lambda f, _: f.meta("test_draws", points=1), "E209", PS1, "test_draws"),
    "odd-score": (lambda f, _: f.source("test_draws", "\nscore = float(len(set(draws)) > 1) * 2",
                                        "\nscore = np.float64(len(set(draws)) > 1) * 2"),
                  "W210", PS1, "test_draws"),
    "missing-lesson": (lambda f, _: f.edit("course.yml", "lessons/second]",
                                           "lessons/second, lessons/thrid]"),
                       "E301", "lessons/thrid.ipynb", ""),
    "unlisted-lesson": (lambda f, _: f.write("lessons/extra.md", "# Extra\n"), "W302",
                        "lessons/extra.md", ""),
    "lesson-raises": (lambda f, _: f.edit("lessons/second.md", ":tags: [raises-exception]\n", ""),
                      "E303", "lessons/second.md", ""),
    "broken-link": (lambda f, _: f.edit("lessons/first.md", "data/sales.csv", "data/sale.csv"),
                    "E304", "lessons/first.md", ""),
    "broken-anchor": (lambda f, _: f.edit("lessons/first.md", "#a-heading", "#no-heading"), "E305",
                      "lessons/first.md", ""),
    "broken-label": (lambda f, _: f.edit("lessons/first.md", "{ref}`here`", "{ref}`there`"),
                     "E305", "lessons/first.md", ""),
    "missing-image": (lambda f, _: f.edit("lessons/first.md", "sales.svg", "sale.svg"), "E306",
                      "lessons/first.md", ""),
    "no-alt": (lambda f, _: f.edit("lessons/first.md", "Sales rise from 1 to 3", ""), "W307",
               "lessons/first.md", ""),
    "no-citation": (lambda f, _: f.edit("lessons/first.md", "fisher1935", "fisher1953"), "E308",
                    "lessons/first.md", ""),
    "no-title": (lambda f, _: f.edit("lessons/first.md", "# First lesson\n", ""), "W311",
                 "lessons/first.md", ""),
}


def test_the_clean_course_has_no_findings(folder):
    assert folder.check() == ()


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_found_and_nothing_else(folder, make_cell, name):
    plant, code, path, cell = FAULTS[name]
    plant(folder, make_cell)
    found = folder.check()
    assert [(f.code, f.path, f.cell) for f in found] == [(code, path, cell)], found
    assert found[0].message
    assert found[0].severity.value == ("error" if code.startswith("E") else "warning")


def test_slow_cells_are_named(folder, monkeypatch):
    monkeypatch.setattr("kit.check.answers.SLOW_SECONDS", 0.2)
    folder.source("setup", "import", "import time; time.sleep(0.3)\nimport")
    assert [(f.code, f.cell) for f in folder.check()] == [("W207", "setup")]


def test_lines_of_text_lessons_are_those_of_the_file(folder):
    folder.edit("lessons/second.md", "rows = Path", "rows = Pth")
    (finding,) = folder.check()
    text = (folder.root / "lessons/second.md").read_text().split("\n")
    assert text[finding.line - 1].startswith("rows = Pth")


def test_only_the_named_assignment_is_checked(folder):
    folder.write("lessons/extra.md", "# Extra\n")
    assert folder.check("ps1") == ()


def test_nothing_is_written_into_the_course(folder):
    from kit.files import digest_tree

    folder.source("setup", "import", "open('made.txt', 'w').close()\nimport")
    before = digest_tree(folder.root)
    assert folder.check() == ()
    assert digest_tree(folder.root) == before


def test_a_hint_names_the_kernels_that_are_there(folder):
    folder.kernel("ir", "R")
    (finding,) = folder.check()
    assert "nothing of it was run" in finding.message
    assert "IRkernel" in finding.hint
    assert "installed here:" in finding.hint
    folder.kernel("old env", "python")
    (finding,) = folder.check()
    assert "its own Python" in finding.message
    assert "--name 'old env'" in finding.hint


def test_a_raising_cell_that_an_answer_is_made_of_is_an_error(folder):
    folder.source("interest", "paid = interest", "1 / 0\npaid = interest")
    assert {(f.code, f.cell) for f in folder.check()} >= {("E208", "interest")}


OWN = """\
c = get_config()
c.ClearSolutions.begin_solution_delimeter = "VANISH"
c.ClearSolutions.end_solution_delimeter = "REAPPEAR"
c.ClearHiddenTests.begin_test_delimeter = "SECRET"
c.ClearHiddenTests.end_test_delimeter = "PUBLIC"
c.ClearMarkScheme.begin_mark_scheme_delimeter = "GRADERS"
c.ClearMarkScheme.end_mark_scheme_delimeter = "LEARNERS"
"""


@pytest.fixture
def own(folder):
    """The same course with delimiters of the author's own."""
    folder.write("nbgrader_config.py", OWN)
    for made in folder.cells:
        for usual, other in (("BEGIN SOLUTION", "VANISH"), ("END SOLUTION", "REAPPEAR"),
                             ("BEGIN HIDDEN TESTS", "SECRET"), ("END HIDDEN TESTS", "PUBLIC"),
                             ("BEGIN MARK SCHEME", "GRADERS"), ("END MARK SCHEME", "LEARNERS")):
            made["source"] = made["source"].replace(usual, other)
    folder.save()
    return folder


def test_a_course_with_its_own_delimiters_has_no_findings(own):
    assert own.check() == ()


@pytest.mark.parametrize(("plant", "code", "cell"), [
    (lambda f, _: f.source("draws", "\n### REAPPEAR", ""), "E109", "draws"),
    (lambda f, _: f.source("setup", "import", "### VANISH\nz = 1\n### REAPPEAR\nimport"), "E110",
     "setup"),
    (lambda f, _: f.source("setup", "import", "### SECRET\nz = 1\n### PUBLIC\nimport"), "E111",
     "setup"),
    (lambda f, cell: f.insert(0, cell("text", "GRADERS\n5 points\nLEARNERS")), "E112", "1"),
    (lambda f, _: (f.source("draw", "GRADERS", "BEGIN MARK SCHEME"),
                   f.source("draw", "LEARNERS", "END MARK SCHEME")), "E118", "draw"),
])
def test_faults_of_own_delimiters_are_found(own, make_cell, plant, code, cell):
    plant(own, make_cell)
    assert [(f.code, f.path, f.cell) for f in own.check()] == [(code, PS1, cell)]


@pytest.mark.parametrize("text", ["### BEGIN SOLUTION\nz = 1\n### END SOLUTION\n",
                                  "### BEGIN HIDDEN TESTS\nz = 1\n### END HIDDEN TESTS\n"])
def test_what_the_author_lets_stand_anywhere_is_no_finding(folder, text):
    folder.write("nbgrader_config.py", "c = get_config()\n"
                 "c.ClearSolutions.enforce_metadata = False\n"
                 "c.ClearHiddenTests.enforce_metadata = False\n")
    folder.source("setup", "import", f"{text}import")
    assert folder.check() == ()
