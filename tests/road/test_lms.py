"""From an LMS's download to its bulk upload: names and times go the whole way round."""

from __future__ import annotations

import re
import zipfile

import pytest

NAMES = {
    "canvas": re.compile(r"[a-z0-9]+_\d+_\d+_ps1\.html"),
    "moodle": re.compile(r"[^_/]+_\d+_assignfeedback_file/ps1\.html"),
}


@pytest.mark.parametrize("lms", NAMES)
def test_feedback_goes_back_under_the_names_that_the_lms_knows(course_of, copy_of, kit, lms
                                                               ) -> None:
    course = copy_of(course_of("blank"))
    at = ("--course", course.root)
    download = course.root / "download"
    assert kit("simulate", "ps1", "--count", "6", "--seed", "2", "--roster", "--layout", lms,
               "--to", download, *at)[0] == 0
    code, _, err = kit("collect", "ps1", download, "--unknown-times-as", "2027-02-02T00:10", *at)
    assert code == 0, err
    assert kit("grade", "ps1", *at)[0] == 0
    code, _, err = kit("feedback", "ps1", "--for", lms, *at)
    assert code == 0, err
    with zipfile.ZipFile(course.root / "feedback" / f"ps1-{lms}.zip") as archive:
        names = archive.namelist()
    assert len(names) == 6
    assert [name for name in names if not NAMES[lms].fullmatch(name)] == []
