"""Grades and marks: nbgrader's gradebook.db, the only room that speaks SQL."""

from kit.gradebook.adopting import due_dates
from kit.gradebook.database import backup, course_id, ensure, upgrade
from kit.gradebook.decisions import Wish, decide, decisions, lay_again
from kit.gradebook.due import write_due
from kit.gradebook.exporting import Document, Gradesheet, export, sheet
from kit.gradebook.history import account, acts, record_act, stated
from kit.gradebook.marks import Bundle, Imported, Item, import_marks, split_marks, to_mark, waiting
from kit.gradebook.misconceptions import Misconception, misconceptions
from kit.gradebook.outcomes import OutcomeShown, Shown, outcomes
from kit.gradebook.reading import Graded, graded, released, repairs, rows
from kit.gradebook.recording import record
from kit.gradebook.released import read_release
from kit.gradebook.reviews import Flag, Ruling, flags, settle_flags
from kit.gradebook.settling import Settled, settle
from kit.gradebook.standing import GroupStanding, Standing, standing, state

__all__ = [
    "Bundle", "Document", "Flag", "Graded", "Gradesheet", "GroupStanding", "Imported", "Item",
    "Misconception", "OutcomeShown", "Ruling", "Settled", "Shown", "Standing", "Wish", "account",
    "acts", "backup", "course_id", "decide", "decisions", "due_dates", "ensure", "export",
    "flags", "graded", "import_marks", "lay_again", "misconceptions", "outcomes", "read_release",
    "record", "record_act", "released", "repairs", "rows", "settle", "settle_flags", "sheet",
    "split_marks", "standing", "state", "stated", "to_mark", "upgrade", "waiting", "write_due",
]
