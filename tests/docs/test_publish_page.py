"""Type the commands of the page on publishing, with a repository on this disk."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import doc_pages as pages
import pytest

PAGE = (pages.DOCS / "publish.md").read_text(encoding="utf-8")
ADDRESS = "https://github.com/org/our-course"
COURSE = f"""\
id: our-course
title: Our course
parts: [{{title: First, lessons: [lessons/words]}}]
site: {{repository: {ADDRESS}}}
"""


def commands() -> list[str]:
    return [line.removeprefix("$ ") for block in pages.blocks(PAGE, "console")
            for line in block.splitlines()]


def test_the_commands_hand_a_course_over_to_a_repository(
    tree: Callable[[dict[str, str]], Path], kit: Callable[..., tuple[int, str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = tree({"course/course.yml": COURSE, "course/lessons/words.md": "# Words\n\nRead.\n",
                 "course/roster.csv": "id\nlearner-0042\n"})
    bare = home / "bare.git"
    subprocess.run(["git", "init", "-q", "--bare", bare], check=True)
    monkeypatch.chdir(home / "course")
    publish, *git = commands()
    assert (publish, git[0]) == ("kit publish --to ../public", "git -C ../public init -b main")
    code, out, err = kit(*pages.words(publish))
    assert code == 0, err
    who = {f"GIT_{one}_{what}": value for one in ("AUTHOR", "COMMITTER")
           for what, value in (("NAME", "a"), ("EMAIL", "a@example.org"))}
    for command in git:
        assert command in " ".join(out.split())  # as the run before said
        words = [str(bare) if word == ADDRESS else word for word in shlex.split(command)]
        subprocess.run(words, check=True, capture_output=True, env={**os.environ, **who})
    pushed = subprocess.run(["git", "-C", bare, "ls-tree", "-r", "--name-only", "main"],
                            check=True, capture_output=True, text=True).stdout.splitlines()
    assert {"site/index.html", "lessons/words.md", "course.yml", ".kit-publish.json",
            ".github/workflows/pages.yml"} <= set(pushed)
    assert "roster.csv" not in pushed
    code, out, _ = kit(*pages.words(publish))
    assert "nothing has changed" in out
    assert "git" not in out
