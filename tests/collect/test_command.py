"""`kit collect` as it is typed."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from kit.cli.main import cli, run


@pytest.fixture
def moodle(origin, make):
    return origin({
        "Given Second Fämily_51_assignsubmission_file_/first.ipynb": make("a", "b"),
        "Given Fämly_52_assignsubmission_file_/first.ipynb": make("a", "b"),
    })


def test_it_says_what_is_missing_and_what_to_type(course, moodle, capsys):
    assert run(["collect", "ps1", str(moodle), "--course", str(course.root)]) == 1
    told = capsys.readouterr().err
    assert "nothing tells when 1 submission arrived: Given Second Fämily_51" in told


def test_it_names_the_unmatched_and_what_comes_next(course, moodle):
    result = CliRunner().invoke(cli, [
        "collect", "ps1", str(moodle), "--unknown-times-as", "2027-09-21 09:00", "--course",
        str(course.root)])
    assert result.exit_code == 0, result.output
    assert "ps1   1 learner handed in   1 new version   1 late   3 with nothing yet" in (
        result.output)
    assert "Given Fämly_52   is not in the roster; nearest: learner-0001" in " ".join(
        result.output.split()).replace("_52 is", "_52   is")
    assert "--match" in result.output


def test_json_and_matching_by_hand(course, moodle):
    result = CliRunner().invoke(cli, [
        "collect", "ps1", str(moodle), "--received-at", "2027-09-19 09:00", "--match",
        "Given Fämly_52=learner-0002", "--json", "--course", str(course.root)])
    told = json.loads(result.output)
    assert [one["learner"] for one in told["taken"]] == ["learner-0001", "learner-0002"]
    assert told["taken"][0]["received_at"].startswith("2027-09-19 09:00")


@pytest.mark.parametrize(("arguments", "message"), [
    (["ps9", "."], "no assignment named 'ps9'"),
    (["ps1", "nowhere"], "no such folder or zip"),
    (["ps1", ".", "--received-at", "soon"], "is not a time"),
    (["ps1", ".", "--match", "x"], "is not LABEL=LEARNER"),
    (["ps1", ".", "--match", "x=learner-9"], "no learner named 'learner-9'"),
    (["ps1", ".", "--times", "nowhere.csv"], "does not exist"),
])
def test_bad_input_ends_in_a_message(course, capsys, arguments, message):
    assert run(["collect", *arguments, "--course", str(course.root)]) != 0
    shown = capsys.readouterr().err
    assert message in shown
    assert "Traceback" not in shown
