"""Without a box a run shares its folder: what it writes once its files were taken does not stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.model import Limits
from kit.sandbox import Code, Pool, Setting
from kit.sandbox.standing import standing

LIMITS = Limits(cell_seconds=20, cpu_seconds=20)


def told(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8")
            for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("after", [
    "open('late.txt', 'w').write('secret')", "open('early.txt', 'w').write('secret')",
    "import os\nos.remove('early.txt')", "import os\nos.symlink('/etc/hostname', 'link')",
    ("import os, shutil\nos.chdir('..')\nshutil.rmtree('work')\nos.mkdir('work')\n"
     "open('work/late.txt', 'w').write('secret')"),
    "import os\nos.rename('../work', '../elsewhere')\nos.symlink('elsewhere', '../work')",
], ids=["new", "changed", "removed", "link", "another folder", "moved away"])
def test_what_is_written_after_they_were_taken(bare: Pool, tmp_path: Path, after: str) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    with bare.live(Setting(cwd=folder, limits=LIMITS)) as live:
        live.run(Code(source=("import os\nos.mkdir('part')\nopen('part/a.txt', 'w').write('a')\n"
                              "open('early.txt', 'w').write('early')")), 0)
        live.hand_out()
        live.run(Code(source=after), 1)
    assert told(folder) == {"early.txt": "early", "part/a.txt": "a"}
    assert not folder.is_symlink()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".kit")] == []


def test_only_so_much_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "a").write_bytes(b"x" * 100)
    (folder / "b").symlink_to("a")
    kept = standing(folder, 99)
    kept.put_back()
    assert list(folder.iterdir()) == []
