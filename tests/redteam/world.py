"""A machine with things on it that no attack may read, change or reach."""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import shared_memory
from pathlib import Path

MARK = "kit-redteam-left"
"""The name under which attacks leave things where they should not."""

_OUTSIDE = ("/", "/tmp", "/var/tmp", "/dev/shm", "/etc", "/usr/lib", "/root", str(Path.home()),
            sys.prefix)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is there, and how an attack is told of it: nothing of it is hard to guess."""

    secret: str
    files: dict[Path, bytes]
    listeners: tuple[socket.socket, ...]
    segment: int
    shared: shared_memory.SharedMemory
    victim: subprocess.Popen[bytes]
    told: dict[str, str]

    def harm(self) -> list[str]:
        """What of it is no longer as it was."""
        found = [f"{path} was changed" for path, content in self.files.items()
                 if not path.exists() or path.read_bytes() != content]
        for listener in self.listeners:
            with contextlib.suppress(BlockingIOError):
                listener.accept()[0].close()
                found.append(f"somebody reached {listener.getsockname()!r}")
        if _segment(self.segment) != self.secret.encode():
            found.append("shared memory of System V was changed")
        if bytes(self.shared.buf[:len(self.secret)]) != self.secret.encode():
            found.append("POSIX shared memory was changed")
        if self.victim.poll() is not None:
            found.append("a process of the host was killed")
        found += [f"{path} was left" for folder in _OUTSIDE
                  if (path := Path(folder, MARK)).exists()]
        return found


@contextlib.contextmanager
def make_world(base: Path) -> Iterator[World]:
    """Set it up; taken down at the end."""
    secret = f"canary{secrets.token_hex(12)}"
    files = _course(base / "course", secret)
    home = Path.home() / f".kit-redteam-{secret[6:12]}"
    home.write_text(secret)
    files[home] = secret.encode()
    listeners = _listeners(base, secret)
    segment = _make_segment(secret.encode())
    shared = shared_memory.SharedMemory(create=True, size=4096)
    shared.buf[:len(secret)] = secret.encode()
    victim = subprocess.Popen(["sleep", "3600"], env={"SECRET": secret, "PATH": "/usr/bin:/bin"})
    told = {"COURSE": str(base / "course"), "HOMEFILE": str(home),
            "PORT": str(listeners[0].getsockname()[1]), "SOCKET": listeners[1].getsockname(),
            "ABSTRACT": f"kit-{secret[6:12]}", "SEGMENT": str(segment), "SHARED": shared.name,
            "VICTIM": str(victim.pid), "SUPERVISOR": str(os.getpid()), "MARK": MARK}
    try:
        yield World(secret=secret, files=files, listeners=listeners, segment=segment,
                    shared=shared, victim=victim, told=told)
    finally:
        victim.kill()
        victim.wait()
        for listener in listeners:
            listener.close()
        _libc().shmctl(segment, 0, None)
        shared.close()
        shared.unlink()
        home.unlink()


def _course(root: Path, secret: str) -> dict[Path, bytes]:
    texts = {
        "source/ps1/p1.ipynb": f'{{"hidden": "{secret}"}}',
        "source/ps1/solution.py": f"answer = '{secret}'",
        "submitted/learner-0042/ps1/p1.ipynb": f'{{"other": "{secret}"}}',
        "autograded/learner-0042/ps1/p1.ipynb": f'{{"graded": "{secret}"}}',
        "course.yml": f"title: {secret}", "roster.csv": f"learner-0042,{secret}",
    }
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    with contextlib.closing(sqlite3.connect(root / "gradebook.db")) as book:
        book.execute("create table marks (learner text, points real)")
        book.execute("insert into marks values (?, 3)", (secret,))
        book.commit()
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def _listeners(base: Path, secret: str) -> tuple[socket.socket, ...]:
    tcp = socket.create_server(("127.0.0.1", 0))
    path = socket.socket(socket.AF_UNIX)
    path.bind(str(base / "s"))
    abstract = socket.socket(socket.AF_UNIX)
    abstract.bind(f"\0kit-{secret[6:12]}")
    for one in (tcp, path, abstract):
        one.listen()
        one.setblocking(False)
    (base / "s").chmod(0o777)
    return tcp, path, abstract


def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmat.restype = ctypes.c_void_p
    libc.shmdt.argtypes = [ctypes.c_void_p]
    return libc


def _make_segment(content: bytes) -> int:
    """A segment of System V that everybody may read and write."""
    number = int(_libc().shmget(0, 4096, 0o1666))
    place = _libc().shmat(number, None, 0)
    ctypes.memmove(place, content + b"\0", len(content) + 1)
    _libc().shmdt(place)
    return number


def _segment(number: int) -> bytes:
    place = _libc().shmat(number, None, 0)
    content = ctypes.string_at(place)
    _libc().shmdt(place)
    return content
