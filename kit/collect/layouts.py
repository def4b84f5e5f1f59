"""How exchanges and LMSs name what they export; from members to parcels.

Recognised at the top of the origin, mixed as they come:

    <user>+<assignment>+<time>[+random]/...               nbgrader's exchange
    <Full Name>_<number>_assignsubmission_file_/...       Moodle, as folders
    <Full Name>_<number>_assignsubmission_file_<file>     Moodle, flat
    <name>_[LATE_]<user>_<file number>_<file>             Canvas
    <learner>/... , <learner>/<assignment>/...            folders, nbgrader's submitted/
    <assignment>-<learner>/...                            GitHub Classroom
    <learner>_<anything>.ipynb                            files

In Moodle's and Canvas's names the learner chose the file's part, so no time is read from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo

from kit.collect import times
from kit.collect.model import Claim, Member, Parcel
from kit.course.stamps import parse_nbgrader

_EXCHANGE = re.compile(
    r"(?P<user>.+)\+(?P<assignment>[^+]+)\+(?P<time>\d{4}-\d\d-\d\d[ T][\d:.\-]+ ?\S*?)(\+[^+]*)?"
)
_MOODLE = re.compile(
    r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)_?(?P<file>.*)", re.S
)
_CANVAS = re.compile(
    r"(?:(?P<name>.+?)_)??(?P<late>LATE_)?(?P<user>\d+|anon_[A-Za-z0-9]+)"
    r"_(?P<number>\d+)_(?P<file>.+)", re.S,
)
_RESUBMITTED = re.compile(r"-(\d+)(\.[^.]+)$")


@dataclass(slots=True)
class Sorted:
    """Parcels by claim, files of other assignments left aside, tables with times."""

    parcels: list[Parcel] = field(default_factory=list)
    worksheets: list[Member] = field(default_factory=list)
    other_assignments: set[str] = field(default_factory=set)
    loose: list[Member] = field(default_factory=list)


def sort(
    members: Iterable[Member], assignment: str, zone: tzinfo, knows: Callable[[str], bool]
) -> Sorted:
    """Parcels of an assignment. `knows` tells whether the roster has a text as an identifier."""
    found = Sorted()
    groups: dict[str, tuple[Claim, list[tuple[str, Member]]]] = {}
    for path, member in unwrapped(list(members), knows):
        head, _, rest = path.partition("/")
        if head.startswith("."):
            continue
        claim, inner = _claim(head, rest, assignment, zone, knows)
        if claim is None:
            if inner:
                found.other_assignments.add(inner)
            elif not rest and head.casefold().endswith(".csv"):
                found.worksheets.append(member)
            else:
                found.loose.append(member)
            continue
        # The same learner's files with other stamps are other versions.
        moment = claim.moment if claim.layout == "file" else ""
        key = f"{claim.layout}\0{claim.label}\0{moment}"
        known, files = groups.setdefault(key, (claim, []))
        if claim.attempt > known.attempt or (claim.late and not known.late):
            groups[key] = (claim, files)
        files.append((inner, member))
    found.parcels = [
        Parcel(claim=_with_stamp_file(claim, files), files=tuple(_placed(files, assignment)))
        for claim, files in groups.values()
    ]
    return found


def unwrapped(
    members: list[Member], knows: Callable[[str], bool]
) -> list[tuple[str, Member]]:
    """Paths without the folders that wrap the whole export (`inbound/`, `submissions/`)."""
    paths = [(member.name, member) for member in members]
    while paths:
        heads = {path.partition("/")[0] for path, _ in paths if not path.startswith(".")}
        inbound = "inbound" in heads
        if not inbound and (len(heads) != 1 or not all("/" in path for path, _ in paths
                                                       if not path.startswith("."))):
            break
        head = "inbound" if inbound else heads.pop()
        if not inbound and (knows(head) or _known_shape(head)):
            break
        paths = [(path.partition("/")[2], member) for path, member in paths
                 if path.partition("/")[0] == head]
    return paths


def _known_shape(head: str) -> bool:
    return bool(_EXCHANGE.fullmatch(head) or _MOODLE.fullmatch(head))


def _claim(
    head: str, rest: str, assignment: str, zone: tzinfo, knows: Callable[[str], bool]
) -> tuple[Claim | None, str]:
    """Whose a path is, and the path inside the submission.

    Without a claim the text is the name of another assignment, or empty.
    """
    exchange = _EXCHANGE.fullmatch(head)
    if exchange and rest:
        if exchange["assignment"] != assignment:
            return None, exchange["assignment"]
        moment = parse_nbgrader(exchange["time"])
        return Claim(label=head, layout="exchange", keys=(exchange["user"],), moment=moment,
                     time_from="exchange" if moment else ""), rest
    moodle = _MOODLE.fullmatch(head)
    if moodle:
        return _moodle(moodle, rest)
    if not rest:
        canvas = _CANVAS.fullmatch(head)
        if canvas and not _stamped(canvas, zone, knows):
            return _canvas(canvas)
        return _file(head, zone, knows)
    moment = times.from_name(head, zone)
    # GitHub Classroom names a folder <assignment>-<user>.
    name = head.removeprefix(f"{assignment}-") if assignment else head
    return Claim(label=head, layout="folder", keys=_tokens(head, knows) or _tokens(name, knows),
                 name=name, moment=moment, time_from="stamp in the name" if moment else ""), rest


def _moodle(match: re.Match[str], rest: str) -> tuple[Claim | None, str]:
    label = f"{match['name']}_{match['number']}"
    inner = rest or match["file"]
    claim = Claim(label=label, layout="moodle", keys=(f"participant:{match['number']}",),
                  name=match["name"])
    # An online text is a page that Moodle made, not a file of the learner's.
    return (claim, inner) if match["kind"] == "file" else (None, "")


def _stamped(match: re.Match[str], zone: tzinfo, knows: Callable[[str], bool]) -> bool:
    """Whether the two numbers are a date and a clock rather than Canvas's."""
    numbers = f"{match['user']}_{match['number']}"
    return times.from_name(numbers, zone) is not None and not knows(match["user"])


def _canvas(match: re.Match[str]) -> tuple[Claim, str]:
    name, user = match["name"] or "", match["user"]
    again = _RESUBMITTED.search(match["file"])
    claim = Claim(
        label=f"{name}_{user}" if name else user, layout="canvas", keys=(user,), name=name,
        late=bool(match["late"]), attempt=int(again[1]) if again else 0,
        source=f"{name}_{user}_{match['number']}" if name else "",
    )
    return claim, match["file"]


def _file(
    head: str, zone: tzinfo, knows: Callable[[str], bool]
) -> tuple[Claim | None, str]:
    stem, dot, suffix = head.rpartition(".")
    if not dot or suffix.casefold() not in ("ipynb", "zip"):
        keys = _tokens(stem or head, knows)
        if not keys:
            return None, ""
        return Claim(label=keys[0], layout="file", keys=keys), _without(head, keys[0])
    keys = _tokens(stem, knows)
    moment = times.from_name(stem, zone)
    first = stem.split("_")[0]
    claim = Claim(label=keys[0] if keys else first, layout="file", keys=keys or (stem,),
                  name=first, moment=moment, time_from="stamp in the name" if moment else "")
    return claim, _without(head, keys[0] if keys else first)


def _without(head: str, key: str) -> str:
    rest = head.removeprefix(key).lstrip("_- ")
    return rest if rest and not rest.startswith(".") else head


def _tokens(text: str, knows: Callable[[str], bool]) -> tuple[str, ...]:
    """Runs of `_`-separated words that the roster knows, the longest at the front first."""
    words = text.split("_")
    runs = [
        "_".join(words[start:end])
        for start in range(min(len(words), 12))
        for end in range(min(len(words), 12), start, -1)
    ]
    return tuple(dict.fromkeys(run for run in runs if run and knows(run)))


def _with_stamp_file(claim: Claim, files: list[tuple[str, Member]]) -> Claim:
    """nbgrader's timestamp.txt gives the time where the name of a folder gives none."""
    if claim.moment is not None or claim.layout != "folder":
        return claim
    for inner, member in files:
        if inner.rpartition("/")[2] == "timestamp.txt" and inner.count("/") <= 1:
            moment = _read_stamp(member)
            if moment is not None:
                return replace(claim, moment=moment, time_from="timestamp.txt")
    return claim


def _read_stamp(member: Member) -> datetime | None:
    if member.size > 200 or member.depth > 1:
        return None
    try:
        with member.open() as stream:
            return parse_nbgrader(stream.read(200).decode("utf-8-sig", "replace"))
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it tells no time
        return None


def _placed(
    files: list[tuple[str, Member]], assignment: str
) -> list[tuple[str, Member]]:
    """Without the folder that nbgrader's `submitted/<learner>/<assignment>/` adds.

    Folders of other assignments beside it are left out.
    """
    inside = [(path.removeprefix(f"{assignment}/"), member) for path, member in files
              if path.startswith(f"{assignment}/")]
    return inside or files
