"""`course.yml` -> Course, the files beside it, and scaffolding or adopting a course folder.

`load_course` and `load_roster` are what everything else starts from. Modules are imported when a
name of theirs is first asked for.
"""

from typing import TYPE_CHECKING

from kit.later import later

if TYPE_CHECKING:
    from kit.course.derived import DerivedFile, write_derived
    from kit.course.find import COURSE_FILE, find_course
    from kit.course.load import assignment_of, load_course
    from kit.course.markers import markers_of
    from kit.course.nbgrader_config import derive_nbgrader_config
    from kit.course.roster import load_roster
else:
    __getattr__ = later(__name__, {
        "COURSE_FILE": "find",
        "DerivedFile": "derived",
        "assignment_of": "load",
        "derive_nbgrader_config": "nbgrader_config",
        "find_course": "find",
        "load_course": "load",
        "load_roster": "roster",
        "markers_of": "markers",
        "write_derived": "derived",
    })

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
