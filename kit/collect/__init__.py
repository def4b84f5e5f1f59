"""Folders, zips and exchanges in; a Submission with its digest and its time out.

    origin ──► members ──► parcels ──► learner and time ──► version ──► submitted/
             (archive)   (layouts)   (people, times)     (versions)

Whatever a learner controls (names, archives, notebooks) is refused by name where it could do
harm, and the rest goes on.
"""

from kit.collect.model import Bounds, Collected, Note, Refusal, Unmatched, Version
from kit.collect.run import Ways, collect
from kit.collect.versions import refusals, submissions, versions
from kit.collect.when import UnknownTimes

__all__ = [
    "Bounds",
    "Collected",
    "Note",
    "Refusal",
    "UnknownTimes",
    "Unmatched",
    "Version",
    "Ways",
    "collect",
    "refusals",
    "submissions",
    "versions",
]
