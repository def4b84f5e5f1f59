"""Grades and marks: nbgrader's gradebook.db, the only room that speaks SQL."""

from kit.gradebook.adopting import due_dates
from kit.gradebook.database import backup, course_id, ensure, tidy, upgrade
from kit.gradebook.decisions import Wish, decide, decisions, lay_again
from kit.gradebook.due import write_due
from kit.gradebook.exporting import Document, Gradesheet, export, sheet
from kit.gradebook.history import account, acts, record_act, stated
from kit.gradebook.marks import Bundle, Imported, Item, import_marks, split_marks, to_mark, waiting
from kit.gradebook.misconceptions import Misconception, misconceptions
from kit.gradebook.outcomes import OutcomeShown, Shown, outcomes
from kit.gradebook.reading import released, repairs, rows
from kit.gradebook.recorded import graded, has_scores, recorded, remember, take_environment
from kit.gradebook.recording import record
from kit.gradebook.released import read_release
from kit.gradebook.reviews import Flag, Ruling, flags, settle_flags
from kit.gradebook.settling import Settled, settle
from kit.gradebook.standing import GroupStanding, Standing, standing, state

__all__ = [
    "Bundle", "Document", "Flag", "Gradesheet", "GroupStanding", "Imported", "Item",
    "Misconception", "OutcomeShown", "Ruling", "Settled", "Shown", "Standing", "Wish", "account",
    "acts", "backup", "course_id", "decide", "decisions", "due_dates", "ensure", "export",
    "flags", "graded", "has_scores", "import_marks", "lay_again", "misconceptions", "outcomes",
    "read_release", "record", "record_act", "recorded", "released", "remember", "repairs", "rows",
    "settle", "settle_flags", "sheet", "split_marks", "standing", "state", "stated",
    "take_environment", "tidy", "to_mark", "upgrade", "waiting", "write_due",
]
