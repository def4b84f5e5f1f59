"""The shape of `course.yml`: validated here once, then handed on as frozen dataclasses.

Field descriptions become the reference page and what an editor shows while one types.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from itertools import pairwise
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
"""A course's id."""

ASSIGNMENT_NAME = re.compile(r"[^\s./\\+:*?\"<>|\x00-\x1f][^/\\+:*?\"<>|\x00-\x1f]*(?<!\s)")
"""A folder name that nbgrader accepts (it bans `+`) and every system can hold."""


def _moment(value: Any) -> Any:
    """YAML gives a date, a datetime or text; all mean local time unless an offset is stated."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - local on purpose
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value.strip())
        except ValueError:
            raise ValueError("write a moment as 2027-01-25 23:59") from None
    raise ValueError("write a moment as 2027-01-25 23:59")


def _cell_name(value: str) -> str:
    if not re.fullmatch(r"[^/]+/[A-Za-z0-9_-]+", value):
        raise ValueError("name a graded cell as assignment/grade_id, for example ps1/q1-test")
    return value


Moment = Annotated[datetime, BeforeValidator(_moment)]
Percent = Annotated[float, Field(ge=0, le=100)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class AuthorEntry(_Entry):
    """Someone who wrote the course."""

    name: str = Field(min_length=1, description="Full name as it should be shown.")
    email: str = Field("", description="Address for readers, if any.")
    affiliation: str = Field("", description="Where the author works; shown on the home page.")


class PartEntry(_Entry):
    """A titled run of lessons."""

    title: str = Field(min_length=1, description="Heading in the table of contents.")
    lessons: list[str] = Field(
        description="Paths from the course folder, without suffix, in reading order."
    )
    start: date | None = Field(None, description="Its first day, for the schedule.")


class FeedbackEntry(_Entry):
    """What a feedback page shows."""

    hidden_tests: Literal["tag", "message", "source"] = Field(
        "tag", description="What is shown of a hidden test: its tag, its message or its source."
    )
    expected: bool = Field(False, description="Whether the author's solution is shown.")
    after: Moment | None = Field(
        None, description="Messages, sources and solutions are shown from this moment on."
    )


class LimitsEntry(_Entry):
    """What one submission may use while it is graded."""

    cell_seconds: float = Field(30, gt=0, description="Wall-clock seconds a cell.")
    cpu_seconds: float = Field(300, gt=0, description="CPU seconds a submission.")
    memory_mb: float = Field(2048, gt=0, description="Memory a submission, in MiB.")
    output_mb: float = Field(5, gt=0, description="Output a submission, in MiB; the rest is cut.")
    file_mb: float = Field(100, gt=0, description="Largest file that code may write, in MiB.")
    processes: int = Field(64, gt=0, description="Processes and threads a submission.")


class AssignmentEntry(_Entry):
    """Homework in `source/<name>/`; its notebooks are found there."""

    name: str = Field(description="The folder's name under source/.")
    title: str = Field("", description="How learners see it; the name otherwise.")
    opens: Moment | None = Field(None, description="When it is handed out; local time.")
    due: Moment | None = Field(None, description="When it is due; local time.")
    group: str = Field("", description="The grading group that it counts in.")
    feedback: FeedbackEntry | None = Field(None, description="Overrides the course's feedback.")
    limits: LimitsEntry | None = Field(None, description="Overrides the course's limits.")
    selfstudy: Literal["never", "after_due", "always"] = Field(
        "never", description="When its full tests and worked solutions are published, for those "
        "who study without being graded. Whoever still hands it in can read them."
    )

    @field_validator("name")
    @classmethod
    def _valid_name(cls, value: str) -> str:
        if not ASSIGNMENT_NAME.fullmatch(value):
            raise ValueError("an assignment's name is a folder's: no '/', '+', ':' or '*'")
        return value


class GroupEntry(_Entry):
    """Assignments that count together."""

    name: str = Field(min_length=1, description="What assignments refer to.")
    title: str = Field("", description="How learners see it; the name otherwise.")
    weight: float = Field(ge=0, description="Share of the course grade; weights are scaled to 100.")
    number: int | None = Field(None, ge=1, description="How many assignments it will have.")
    drop: int = Field(0, ge=0, description="How many of the lowest scores are left out.")

    @field_validator("drop")
    @classmethod
    def _fewer(cls, value: int, info: ValidationInfo) -> int:
        number = info.data.get("number")
        if number is not None and value >= number:
            raise PydanticCustomError("drop", "{drop} of {number} assignments cannot be dropped", {
                "drop": value, "number": number,
                "hint": f"at least one has to count: drop {number - 1} at most"})
        return value


class LateEntry(_Entry):
    """What lateness costs."""

    policy: str = Field("none", description="none, zero, percent, or the name of a plugin.")
    grace_minutes: float = Field(0, ge=0, description="Minutes that cost nothing.")
    percent_a_day: float = Field(10, ge=0, le=100, description="Percent lost a started day.")
    floor: float = Field(0, ge=0, le=100, description="Percent of the score that is always kept.")


class GradingEntry(_Entry):
    """How scores become a course grade."""

    groups: list[GroupEntry] = Field(default_factory=list, description="What counts how much.")
    cutoffs: dict[str, Percent] = Field(
        default_factory=dict, description="Least percent for each grade, the best grade first."
    )
    late: LateEntry = Field(LateEntry(), description="What lateness costs.")

    @field_validator("cutoffs")
    @classmethod
    def _falling(cls, value: dict[str, float]) -> dict[str, float]:
        for (better, high), (worse, low) in pairwise(value.items()):
            if high <= low:
                raise PydanticCustomError(
                    "cutoffs", "{worse} needs {low} percent, and {better} before it {high}",
                    {"worse": worse, "low": f"{low:g}", "better": better, "high": f"{high:g}",
                     "hint": "write the best grade first, each with fewer percent than the one "
                             "before"})
        return value


class OutcomeEntry(_Entry):
    """What a learner can do at the end."""

    id: str = Field(min_length=1, description="A short name for reports.")
    statement: str = Field(min_length=1, description="Something that can be observed.")
    evidence: list[Annotated[str, BeforeValidator(_cell_name)]] = Field(
        default_factory=list, description="Graded cells that show it: assignment/grade_id."
    )


class EnvironmentEntry(_Entry):
    """What notebooks import."""

    packages: list[str] = Field(
        default_factory=list, description="Packages that lessons and homework import."
    )


class DiscussionEntry(_Entry):
    """A place for readers at the foot of each lesson."""

    provider: Literal["giscus", "utterances"] = Field(description="Who keeps what is said.")
    repository: str = Field(description="The public repository that keeps it: owner/name.")
    repository_id: str = Field("", description="giscus: the repository's id.")
    category: str = Field("", description="giscus: the category's name.")
    category_id: str = Field("", description="giscus: the category's id.")


class SiteEntry(_Entry):
    """Where the course is published, and what its pages link to; what is left out is absent."""

    url: str = Field("", description="The site's address; sitemap and previews need it.")
    repository: str = Field("", description="Address of the public repository that kit publish "
                            "fills; edit, Colab and hub links lead there.")
    branch: str = Field("main", description="The repository's branch.")
    folder: str = Field("", description="Where in the repository the course stands.")
    hub: str = Field("", description="Address of a JupyterHub with nbgitpuller.")
    colab: bool = Field(False, description="Whether notebooks can be opened in Colab.")
    report: str = Field("", description="Where errors are reported: an address or a mail "
                        "address; the repository's issues otherwise.")
    accent: str = Field("", description="The course's colour, for example '#0b5fa5'.")
    logo: str = Field("", description="A picture in the course folder, shown above the contents.")
    paper: Literal["a4", "letter"] = Field("a4", description="The sheets of kit build --pdf.")
    discussion: DiscussionEntry | None = Field(None, description="Readers' discussion.")


class CourseEntry(_Entry):
    """A course, described in one file."""

    id: str = Field(description="Short name, used in file names and in nbgrader's gradebook.")
    title: str = Field(min_length=1, description="The course's name.")
    description: str = Field("", description="One paragraph for the home page.")
    language: str = Field("en", description="Language of the course, as in HTML: en, de, pt-BR.")
    authors: list[AuthorEntry] = Field(default_factory=list, description="Who wrote it.")
    institution: str = Field("", description="Who gives the course.")
    licence: str = Field("", description="Licence of the content, for example CC-BY-4.0.")
    effort: str = Field("", description="What it takes, in words: 6 weeks, 3 hours a week.")
    timezone: str = Field("UTC", description="Where dates are local, for example Europe/Berlin.")
    start: date | None = Field(None, description="First day of the course.")
    pace: Literal["instructor", "self"] = Field(
        "instructor", description="Whether due dates bind (instructor), or learners set the pace "
        "(self): then a date is advice, nothing is late, and what is not handed in is never 0."
    )
    parts: list[PartEntry] = Field(default_factory=list, description="Lessons, in parts.")
    assignments: list[AssignmentEntry] = Field(default_factory=list, description="Homework.")
    grading: GradingEntry = Field(GradingEntry(), description="Grading policy.")
    outcomes: list[OutcomeEntry] = Field(default_factory=list, description="Learning outcomes.")
    limits: LimitsEntry = Field(LimitsEntry(), description="Limits for grading.")
    environment: EnvironmentEntry = Field(
        EnvironmentEntry(), description="What notebooks import."
    )
    site: SiteEntry = Field(SiteEntry(), description="Where the course is published.")
    feedback: FeedbackEntry = Field(FeedbackEntry(), description="What feedback pages show.")
    require_sandbox: bool = Field(
        False, description="Refuse to grade where a layer of the sandbox is missing.")
    require_verified: bool = Field(
        False, description="Leave points to a person where a test could only be judged beside "
                           "the learner's code.")
    nbgrader_ways: list[str] = Field(
        default_factory=list,
        description="Rows of docs/differences.md that go back to nbgrader's behaviour.",
    )

    @field_validator("id")
    @classmethod
    def _valid_id(cls, value: str) -> str:
        if not NAME.fullmatch(value):
            raise ValueError("use letters, digits, '.', '_' and '-' only")
        return value

    @field_validator("timezone")
    @classmethod
    def _valid_timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            from kit.course.zones import zone_hint

            raise PydanticCustomError("timezone", "no timezone is named {name}", {
                "name": repr(value), "hint": zone_hint(value)}) from None
        return value


def json_schema() -> dict[str, Any]:
    """The JSON Schema of `course.yml`, for editors."""
    schema = CourseEntry.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "course.yml"
    return schema
