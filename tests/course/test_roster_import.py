"""Rosters as Canvas, Moodle and spreadsheets export them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kit.cli.main import cli, run
from kit.course import load_course, load_roster
from kit.course.roster_import import import_roster, merge, read_export
from kit.errors import CourseError
from kit.model import Course, Learner

CANVAS = """\
\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Problem set 1 (77)
    Points Possible,,,,,10.00
"Fämily, Given Second",900001,S-1,learner-0001@example.org,A,
"Else, Somebody",900002,S-2,learner-0002,"A and B",9
"Student, Test",900009,,abcdef,A,
"""
MOODLE_DE = (
    'Vorname;Nachname;ID-Nummer;E-Mail-Adresse;Gruppen\n'
    'Given Second;Fämily;learner-0001;learner-0001@example.org;"A;B"\n'
    "Łater;Øther;;learner-0003@example.org;\n"
)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (tmp_path / "course.yml").write_text("id: tiny\ntitle: Tiny\n")
    return load_course(tmp_path)


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "export.csv"
    path.write_text(text, encoding=encoding)
    return path


def test_canvas(tmp_path):
    learners, passed = read_export(write(tmp_path, CANVAS))
    assert passed == []
    assert learners == (
        Learner(id="learner-0001", first_name="Given Second", last_name="Fämily",
                email="learner-0001@example.org", lms_id="900001", section="A"),
        Learner(id="learner-0002", first_name="Somebody", last_name="Else", lms_id="900002",
                section="A and B"),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_moodle_with_semicolons(tmp_path, encoding):
    learners, _ = read_export(write(tmp_path, MOODLE_DE, encoding))
    assert [one.id for one in learners] == ["learner-0001", "learner-0003"]
    assert learners[0].section == "A;B"
    assert learners[1].last_name == "Øther"


def test_a_table_of_ones_own(tmp_path):
    learners, passed = read_export(write(
        tmp_path, "Name,Matrikelnummer\nSomebody Else,12345\nNobody,\nOther One,12345\n"))
    assert learners == (Learner(id="12345", first_name="Somebody", last_name="Else"),)
    assert passed == [("Nobody", "has nothing that can be an id"),
                      ("Other One", "the id 12345 stands twice; the first counts")]
    chosen, _ = read_export(write(tmp_path, "Name,Code\nSomebody Else,m-1\n"), id_column="code")
    assert chosen[0].id == "m-1"


@pytest.mark.parametrize(("text", "message"), [
    ("", "is empty"), ("Colour,Shape\nred,round\n", "no column that can name a learner"),
    ("Email\n\n", "names no learner"), ("username\n../../x\n", "names no learner"),
])
def test_what_is_no_roster(tmp_path, text, message):
    with pytest.raises(CourseError, match=message):
        read_export(write(tmp_path, text))


def test_an_import_keeps_who_is_there(course, tmp_path):
    (course.root / "roster.csv").write_text(
        "id,first_name,last_name,email,lms_id,section\n"
        "learner-0001,Given,Fämily,,900001,\nlearner-0007,Old,Hand,,,\n")
    export = write(tmp_path, CANVAS)
    dry = import_roster(course, export, dry_run=True)
    assert len(load_roster(course).learners) == 2
    done = import_roster(course, export)
    assert done == dry
    assert [one.id for one in done.added] == ["learner-0002"]
    assert [(old.first_name, new.first_name) for old, new in done.changed] == [
        ("Given", "Given Second")]
    assert [one.id for one in done.gone] == ["learner-0007"]
    assert [one.id for one in load_roster(course).learners] == [
        "learner-0001", "learner-0007", "learner-0002"]
    again = import_roster(course, export)
    assert (again.added, again.changed, again.unchanged) == ((), (), 2)


def test_people_keep_their_id_when_the_lms_names_another(course):
    change = merge([Learner(id="learner-0001", email="One@example.org")],
                   [Learner(id="x1", email="one@example.org", lms_id="5")])
    assert change.learners == (
        Learner(id="learner-0001", email="one@example.org", lms_id="5"),)


def test_the_commands(course, tmp_path):
    runner = CliRunner()
    result = runner.invoke(cli, ["roster", "import", str(write(tmp_path, CANVAS)), "--course",
                                 str(course.root)])
    assert result.exit_code == 0, result.output
    assert "2 added" in result.output
    shown = runner.invoke(cli, ["roster", "--course", str(course.root)])
    assert "Given Second Fämily" in shown.output
    assert "2 learners in roster.csv" in shown.output
    listed = runner.invoke(cli, ["roster", "--json", "--course", str(course.root)])
    assert json.loads(listed.output)["learners"][0]["lms_id"] == "900001"


def test_a_missing_file_is_no_traceback(course, capsys):
    assert run(["roster", "import", "nowhere.csv", "--course", str(course.root)]) == 2
    assert "nowhere.csv" in capsys.readouterr().err


@given(st.binary(max_size=300))
def test_any_bytes_are_a_roster_or_an_error(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "x.csv"
    path.write_bytes(data)
    try:
        learners, _ = read_export(path)
    except CourseError:
        return
    assert all(learner.id for learner in learners)
