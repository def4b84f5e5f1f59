"""Source to release: nbgrader's generate pipeline, a manifest beside it, a zip to hand out."""

from kit.release.generate import Generated, GeneratedNotebook, generate, generated
from kit.release.make import Change, Made, make_release
from kit.release.manifest import read_release

__all__ = [
    "Change",
    "Generated",
    "GeneratedNotebook",
    "Made",
    "generate",
    "generated",
    "make_release",
    "read_release",
]
