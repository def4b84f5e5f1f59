"""`course.yml` -> Course, the files beside it, and scaffolding or adopting a course folder.

`load_course` and `load_roster` are what everything else starts from.
"""

from kit.course.derived import DerivedFile, write_derived
from kit.course.load import COURSE_FILE, assignment_of, find_course, load_course
from kit.course.markers import markers_of
from kit.course.nbgrader_config import derive_nbgrader_config
from kit.course.roster import load_roster

__all__ = [
    "COURSE_FILE",
    "DerivedFile",
    "assignment_of",
    "derive_nbgrader_config",
    "find_course",
    "load_course",
    "load_roster",
    "markers_of",
    "write_derived",
]
