"""Wheels for pages: taken from a release, verified, kept, and run by a page."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from browser import Visit, served
from playwright.sync_api import expect
from runcourse import HEAD, code_cell, lessons, write_run_course
from wheelrelease import packed, write_release

from kit.errors import BuildError, VendorError
from kit.model import Course
from kit.site import build
from kit.site.python.inpage import bundled_version, vendor_folder
from kit.site.python.wheels import vendor_wheels

SHARES = f"{HEAD}# Shares\n\n" + "".join(
    code_cell(code, "run", "raises-exception") for code in ("from shares import share",
                                                            "share(1, 3)"))


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course whose page imports what no page has."""
    plain = lessons()["words"]
    return write_run_course(tmp_path / "course", ledger=SHARES, entry=plain, lacking=plain)


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return write_release(tmp_path / "release")


def files(course: Course) -> list[str]:
    folder = vendor_folder(course)
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


HERE = ["places-1.0-py3-none-any.whl", "pyodide-lock.json", "shares-2.1-py3-none-any.whl"]


def test_a_page_runs_what_was_brought(
    course: Course, release: Path, visit: Callable[..., Visit]
) -> None:
    without = build(course, {}).folder / "lessons" / "ledger.html"
    assert "shares" in without.read_text(encoding="utf-8").split("data-absent=")[1][:40]
    done = vendor_wheels(course, str(release))
    assert ([one.name for one in done.wheels], done.kept, done.absent) == (
        ["places", "shares"], (), ())
    with served(build(course, {}).folder) as base:
        seen = visit(base, "lessons/ledger.html")
        seen.page.get_by_role("button", name="Run cell 2").click()
        expect(seen.page.get_by_role("region", name="Output of cell 2")).to_have_text(
            "0.333", timeout=90_000)
        assert (seen.errors, seen.foreign) == ([], [])


@pytest.mark.parametrize("where", ["folder", "parent", "tar", "address", "address of a tar"])
def test_it_comes_from_wherever_the_release_lies(
    course: Course, tmp_path: Path, where: str
) -> None:
    release = write_release(tmp_path / "there" / "pyodide")
    tar = packed(release)
    (tmp_path / "there" / "index.html").write_text("a page")
    with served(tmp_path / "there") as base:
        source = {"folder": str(release), "parent": str(release.parent), "tar": str(tar),
                  "address": f"{base}pyodide/", "address of a tar": f"{base}{tar.name}"}[where]
        assert len(vendor_wheels(course, source).copied) == 2
        assert files(course) == HERE
        again = vendor_wheels(course, source)
        assert (again.copied, len(again.kept)) == ((), 2)
    assert files(course) == HERE


def test_a_course_of_more_packages_takes_them_and_says_what_is_not_there(
    course: Course, release: Path
) -> None:
    text = (course.root / "course.yml").read_text(encoding="utf-8")
    (course.root / "course.yml").write_text(
        text + "environment: {packages: ['Unused>=0.1', 'not_there==1']}\n", encoding="utf-8")
    from kit.course import load_course

    done = vendor_wheels(load_course(course.root), str(release))
    assert [one.name for one in done.wheels] == ["places", "shares", "unused"]
    assert done.absent == ("not_there",)
    vendor_wheels(course, str(release))  # and what is no longer needed goes
    assert files(course) == HERE


def test_a_file_that_is_not_what_the_lock_says_is_refused_by_its_name(
    course: Course, release: Path
) -> None:
    wheel = release / HERE[2]
    wheel.write_bytes(wheel.read_bytes() + b"\0")
    for source in (str(release), str(packed(release))):
        with pytest.raises(VendorError, match=r"shares-2\.1-py3-none-any\.whl is not what"):
            vendor_wheels(course, source)
        assert [name for name in files(course) if name != HERE[0]] == []
    with served(release) as base, pytest.raises(VendorError, match="shares"):
        vendor_wheels(course, base)
    assert [name for name in files(course) if name != HERE[0]] == []


def test_it_goes_on_with_what_an_earlier_run_fetched(course: Course, release: Path) -> None:
    """Half a file that is wrong is found only by its digest: so the other half alone came."""
    whole = (release / HERE[2]).read_bytes()
    part = vendor_folder(course) / f"{HERE[2]}.fetched.part"
    part.parent.mkdir(parents=True)
    with served(release) as base:
        part.write_bytes(b"\0" * 100)
        with pytest.raises(VendorError, match="shares"):
            vendor_wheels(course, base)
        part.write_bytes(whole[:100])
        assert vendor_wheels(course, base).copied == ("shares",)
        (vendor_folder(course) / HERE[2]).unlink()
        part.write_bytes(whole + b"and more")  # of another file: begun anew
        assert vendor_wheels(course, base).copied == ("shares",)
    assert (vendor_folder(course) / HERE[2]).read_bytes() == whole


@pytest.mark.parametrize(("about", "told"), [
    ({"version": "0.29.0"}, f"this release is Pyodide 0.29.0; pages have {bundled_version()}"),
    ({"info": {"python": "3.13.2"}}, r"python 3\.13\.2.*; pages have .*python 3\.14\.2"),
])
def test_another_version_is_refused_and_both_are_named(
    course: Course, tmp_path: Path, about: dict[str, object], told: str
) -> None:
    with pytest.raises(VendorError, match=told):
        vendor_wheels(course, str(write_release(tmp_path / "other", **about)))
    assert files(course) == []


def change_lock(release: Path, name: str, **changed: object) -> None:
    path = release / "pyodide-lock.json"
    lock = json.loads(path.read_text())
    lock["packages"][name] |= changed
    path.write_text(json.dumps(lock))


@pytest.mark.parametrize("file", ["../shares.whl", "/tmp/x.whl", "a/b.whl", ".hidden", "", "a\0b"])
def test_a_lock_cannot_name_files_elsewhere(course: Course, release: Path, file: str) -> None:
    change_lock(release, "shares", file_name=file)
    with pytest.raises(VendorError, match="odd file name"):
        vendor_wheels(course, str(release))


def test_a_lock_that_differs_from_ours_in_a_digest_is_refused(
    course: Course, release: Path
) -> None:
    from kit.site.python.inpage import bundled_lock

    change_lock(release, "shares", file_name=bundled_lock()["packages"]["numpy"]["file_name"])
    with pytest.raises(VendorError, match="another digest of numpy"):
        vendor_wheels(course, str(release))


@pytest.mark.parametrize(("source", "told"), [
    ("/nowhere", "is no release"), ("http://example.org/pyodide", "begins with https://"),
    ("ftp://example.org/x.tar.bz2", "begins with https://"),
    ("file:///etc", "begins with https://"), ("https://user@example.org/", "begins with https://"),
])
def test_what_is_no_release_is_told(course: Course, source: str, told: str) -> None:
    with pytest.raises(VendorError, match=told):
        vendor_wheels(course, source)


def test_a_tar_that_is_none_and_a_lock_that_is_none_are_told(
    course: Course, release: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "x.tar.bz2"
    broken.write_bytes(packed(release).read_bytes()[:400])
    with pytest.raises(VendorError, match="cannot be read"):
        vendor_wheels(course, str(broken))
    (release / "pyodide-lock.json").write_text("[]")
    with pytest.raises(VendorError, match="names no packages"):
        vendor_wheels(course, str(release))
    with served(tmp_path / "release") as base:
        (release / "pyodide-lock.json").unlink()
        with pytest.raises(VendorError, match="has no pyodide-lock"):
            vendor_wheels(course, base)


def test_wheels_of_another_python_stop_the_build(course: Course, release: Path) -> None:
    vendor_wheels(course, str(release))
    lock = vendor_folder(course) / "pyodide-lock.json"
    lock.write_text(lock.read_text().replace("3.14.2", "3.13.1"))
    with pytest.raises(BuildError, match=r"Python 3\.13\.1; pages have .* 3\.14\.2"):
        build(course, {})
    vendor_wheels(course, str(release))  # which mends it
    (vendor_folder(course) / HERE[0]).unlink()
    with pytest.raises(BuildError, match="a wheel is gone"):
        build(course, {})


def test_the_command(
    course: Course, release: Path, kit: Callable[..., tuple[int, str, str]]
) -> None:
    where = ("--course", course.root, "--from", release)
    code, out, _ = kit("vendor", "pyodide", *where)
    assert code == 0
    assert "2 packages copied" in out
    told = json.loads(kit("vendor", "pyodide", *where, "--json")[1])
    assert (told["pyodide"], told["kept"], told["copied"]) == (
        bundled_version(), ["places", "shares"], [])
    shutil.rmtree(release)
    code, out, err = kit("vendor", "pyodide", *where)
    assert (code, out) == (1, "")
    assert "is no release of Pyodide" in err


def test_the_documentation_names_the_version_that_pages_have(repository: Path) -> None:
    text = (repository / "docs" / "components" / "run.md").read_text(encoding="utf-8")
    assert f"Pyodide {bundled_version()}, with" in text
    assert f"pyodide-{bundled_version()}.tar.bz2" in text
