"""The preview's server shows the site, and nothing else of the machine."""

from __future__ import annotations

import http.client
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser import served

from kit.errors import BuildError
from kit.site import server


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "html"
    (folder / "sub").mkdir(parents=True)
    (folder / "index.html").write_text("home")
    (folder / "sub" / "page.html").write_text("page")
    (folder / ".hidden").write_text("secret")
    (tmp_path / "roster.csv").write_text("secret")
    (folder / "link.csv").symlink_to(tmp_path / "roster.csv")
    return folder


def ask(
    base: str, path: str, host: str | None = None, part: str | None = None
) -> tuple[int, str]:
    address = urlsplit(base)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=10)
    connection.putrequest("GET", path, skip_host=True)
    connection.putheader("Host", host or address.netloc)
    if part is not None:
        connection.putheader("Range", part)
    connection.endheaders()
    answer = connection.getresponse()
    text = answer.read().decode(errors="replace")
    connection.close()
    return answer.status, text


def test_pages_are_served(site: Path) -> None:
    with served(site) as base:
        assert ask(base, "/") == (200, "home")
        assert ask(base, "/sub/page.html?x=1") == (200, "page")


@pytest.mark.parametrize("path", [
    "/../roster.csv", "/%2e%2e/roster.csv", "/sub/..%2f..%2froster.csv", "/..%5croster.csv",
    "/.hidden", "/link.csv", "//etc/passwd", "/%00", "/sub/", "/nothing.html",
])
def test_nothing_else_is_served(site: Path, path: str) -> None:
    with served(site) as base:
        status, text = ask(base, path)
    assert status == 404
    assert "secret" not in text
    assert "root:" not in text


@pytest.mark.parametrize(("part", "answer"), [
    ("bytes=1-2", (206, "om")), ("bytes=1-", (206, "ome")), ("bytes=-3", (206, "ome")),
    ("bytes=-99", (206, "home")), ("bytes=4-", (416, "")), ("bytes=3-1", (416, "")),
    ("bytes=-0", (416, "")), ("bytes=0-1,2-3", (200, "home")), ("lines=1-2", (200, "home")),
    ("bytes=-", (200, "home")),
])
def test_a_part_of_a_file_is_served_as_a_video_asks_for_it(
    site: Path, part: str, answer: tuple[int, str]
) -> None:
    with served(site) as base:
        assert ask(base, "/index.html", part=part) == answer
        assert ask(base, "/../roster.csv", part=part)[0] == 404


def test_a_foreign_host_name_is_refused(site: Path) -> None:
    with served(site) as base:
        assert ask(base, "/", host="evil.example:80")[0] == 403


def test_only_this_machine_is_listened_on(site: Path) -> None:
    with server(site) as ready:
        assert ready.server_address[0] == "127.0.0.1"


def test_no_site_and_a_taken_port_are_said(site: Path, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="no site yet"):
        server(tmp_path / "none")
    with server(site) as ready, pytest.raises(BuildError, match="cannot be used"):
        server(site, ready.server_port)
