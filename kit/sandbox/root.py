"""The file system that a sealed run sees: the system and the packages, read-only, and a box.

    /usr /lib ... the environment    as they are here, read-only
    /etc                             what programs need to start; no account of this machine
    /proc /dev                       its own
    /box/learner                     the only place to write, made anew for each run
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import site
import stat
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from kit.sandbox import linux

_AROUND = "/box"
BOX = f"{_AROUND}/learner"
"""Where a run writes; its working folder is in it."""

STAGED = "/.staged"
"""Where the large files of a stage lie, which its runs share."""

TEMPORARY, SHARED_MEMORY = f"{BOX}/.tmp", f"{BOX}/.shm"

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store")
"""What every program of this machine stands on."""

_TMP, _ASIDE = "/tmp", "/.aside"  # noqa: S108 - no file in it
_ETC = ("alternatives", "fonts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "locale.alias",
        "localtime", "mime.types", "timezone")
_WRITTEN = {
    "passwd": ("root:x:0:0:root:/:/usr/sbin/nologin\n"
               f"learner:x:1000:1000:learner:{BOX}:/bin/sh\n"),
    "group": "root:x:0:\nlearner:x:1000:\n",
    "hosts": "127.0.0.1 localhost\n::1 localhost\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}
_DEVICES = ("null", "zero", "full", "random", "urandom")
_LINKS = {"fd": "/proc/self/fd", "stdin": "/proc/self/fd/0", "stdout": "/proc/self/fd/1",
          "stderr": "/proc/self/fd/2", "ptmx": "pts/ptmx", "shm": SHARED_MEMORY}

# Rules of Landlock on a folder that is mounted over are passed by: the one around it counts.
WRITABLE = (_AROUND, "/dev/null", "/dev/full", "/dev/pts", "/dev/ptmx")
"""What a run may write to. A shared mapping of /dev/zero would be memory that nobody counts."""


def needed() -> tuple[str, ...]:
    """What of this machine Python code needs: the interpreter, its packages, and where the path
    leads elsewhere (as for an editable install) the packages there, and nothing beside them."""
    paths = {sys.prefix, sys.base_prefix, sys.exec_prefix, *site.getsitepackages()}
    if site.ENABLE_USER_SITE:
        paths.add(site.getusersitepackages())
    paths |= {entry for entry in sys.path
              if Path(entry).name in ("site-packages", "dist-packages", "lib-dynload")}
    paths.update(os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep))
    paths |= set(_of_kernels())
    found = _outermost(str(Path(path).resolve()) for path in paths if Path(path).is_dir() and path)
    return _outermost([*found, *_loaded_elsewhere(found)])


def _of_kernels() -> Iterable[str]:
    """What the installed kernels need: their folder, and the environment of their program."""
    from jupyter_client.kernelspec import KernelSpecManager

    for folder in KernelSpecManager().find_kernel_specs().values():
        yield folder
        with contextlib.suppress(OSError, ValueError, LookupError, TypeError):
            spec = json.loads(Path(folder, "kernel.json").read_text(encoding="utf-8"))
            around = Path(spec["argv"][0]).parent.parent
            if (around / "pyvenv.cfg").exists() or (around / "conda-meta").is_dir():
                yield str(around)


def _loaded_elsewhere(found: tuple[str, ...]) -> Iterable[str]:
    inside = (*found, *SYSTEM)
    for entry in sys.path:
        real = os.path.realpath(entry)
        if entry and Path(real).is_dir() and not any(_within(real, one) for one in inside):
            yield from (str(one.parent) for one in Path(real).glob("*/__init__.py"))
            yield from (str(one) for one in Path(real).glob("*.py"))
    for name, module in list(sys.modules.items()):
        if "." in name or name == "__main__":
            continue
        for folder in list(getattr(module, "__path__", None) or ()):
            real = os.path.realpath(folder)
            if Path(real).is_dir() and not any(_within(real, one) for one in inside):
                yield real


def _outermost(paths: Iterable[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for path in sorted(set(paths)):
        if path != "/" and not any(_within(path, one) for one in (*kept, *SYSTEM)):
            kept.append(path)
    return tuple(kept)


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + "/")


def build(base: str, folders: Iterable[str]) -> None:
    """Make it on `base` and move in; nothing else of this machine's files can be named after.

    The process must be in a mount namespace of its own that it may change. Raises OSError.
    """
    linux.mount("none", "/", flags=linux.MS_REC | linux.MS_PRIVATE)
    linux.mount("tmpfs", base, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "mode=755,size=4m")
    for path in (*SYSTEM, *folders):
        if not _in_a_box(path):
            _show(path, base)
    for number, path in enumerate(filter(_in_a_box, folders)):
        _show(path, base, f"{_ASIDE}/{number}")
    _etc(base)
    _dev(base)
    for name in ("/proc", BOX, STAGED):
        Path(base + name).mkdir(parents=True, exist_ok=True)
    # A new /proc may be mounted later only where one is in sight.
    linux.mount("/proc", f"{base}/proc", flags=linux.MS_BIND | linux.MS_REC)
    Path(base, "tmp").symlink_to(TEMPORARY)
    linux.pivot_root(base)
    linux.fix_mount("/", below=False)


def _in_a_box(path: str) -> bool:
    """Whether it lies where each run has a place of its own: it is kept aside until there is
    one."""
    return _within(path, _TMP) or _within(path, BOX)


def _show(path: str, base: str, name: str = "") -> None:
    here = Path(path)
    there = Path(base + (name or path))
    if here.is_symlink() and path in SYSTEM:
        there.symlink_to(here.readlink())
        return
    try:
        mode = here.stat().st_mode
    except OSError:
        return
    there.parent.mkdir(parents=True, exist_ok=True)
    if stat.S_ISDIR(mode):
        there.mkdir(exist_ok=True)
    else:
        there.touch()
    linux.mount(path, str(there), flags=linux.MS_BIND | linux.MS_REC)
    linux.fix_mount(str(there))


def _etc(base: str) -> None:
    for name in _ETC:
        _show_real(f"/etc/{name}", base)
    folder = Path(base, "etc")
    folder.mkdir(exist_ok=True)
    for name, text in _WRITTEN.items():
        (folder / name).write_text(text, encoding="utf-8")


def _show_real(path: str, base: str) -> None:
    """A file of /etc, which may be a link to anywhere: what it leads to, at its own name."""
    if not Path(path).exists():
        return
    there = Path(base + path)
    there.parent.mkdir(parents=True, exist_ok=True)
    if Path(path).is_dir():
        there.mkdir()
        linux.mount(path, str(there), flags=linux.MS_BIND | linux.MS_REC)
        linux.fix_mount(str(there))
    else:
        there.write_bytes(Path(path).read_bytes())


def _dev(base: str) -> None:
    folder = Path(base, "dev")
    (folder / "pts").mkdir(parents=True)
    for name in _DEVICES:
        (folder / name).touch()
        linux.mount(f"/dev/{name}", str(folder / name), flags=linux.MS_BIND)
        linux.fix_mount(str(folder / name), devices=True)  # its name and times, not what is said
    for name, target in _LINKS.items():
        (folder / name).symlink_to(target)


def mount_own() -> None:
    """The /proc and the terminals of this process's own namespaces. Raises OSError."""
    flags = linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC
    linux.mount("proc", "/proc", "proc", flags)
    linux.mount("devpts", "/dev/pts", "devpts", linux.MS_NOSUID | linux.MS_NOEXEC,
                "newinstance,ptmxmode=0666,mode=0620")
    linux.fix_mount("/dev/pts", devices=True)  # who may open one stays as it is for all runs


def mount_box(size: int, folders: Iterable[str] = ()) -> None:
    """An empty box for one run, which holds `size` bytes; `folders` are those of `build`."""
    linux.mount("tmpfs", BOX, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV,
                f"mode=755,size={size},nr_inodes=50000")
    for folder in (TEMPORARY, SHARED_MEMORY):
        os.mkdir(folder, 0o700)  # noqa: PTH102 - each run would pay for a Path
    for number, path in enumerate(filter(_in_a_box, folders)):
        aside = Path(f"{_ASIDE}/{number}")
        there = Path(TEMPORARY + path.removeprefix(_TMP) if _within(path, _TMP) else path)
        there.parent.mkdir(parents=True, exist_ok=True)
        if aside.is_dir():
            there.mkdir()
        else:
            there.touch()
        linux.mount(str(aside), str(there), flags=linux.MS_BIND | linux.MS_REC)


def keep_staged(files: Mapping[str, Path]) -> None:
    """Copies of these files below `STAGED`, by name, for all boxes to come."""
    size = sum(path.stat().st_size + 4096 for path in files.values())
    linux.mount("tmpfs", STAGED, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV,
                f"mode=755,size={size + (1 << 20)}")
    for name, path in files.items():
        there = Path(STAGED, name)
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, there)
        there.chmod(0o644 | path.stat().st_mode & 0o111)


def show_staged(name: str, target: Path) -> None:
    """Such a file at its place in the box, read-only."""
    target.touch()
    linux.mount(f"{STAGED}/{name}", str(target), flags=linux.MS_BIND)
    linux.fix_mount(str(target))


def take_box_away() -> None:
    """The box and all in it."""
    linux.unmount(BOX)
