"""A made-up release of Pyodide: its lock, and small wheels of pure Python."""

from __future__ import annotations

import base64
import hashlib
import json
import tarfile
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from kit.site.python.inpage import bundled_lock, bundled_version

SOURCES = {
    "shares": ("2.1", "from places import rounded\n\ndef share(a, b):\n    return rounded(a / b)\n",
               ["places"]),
    "places": ("1.0", "def rounded(x):\n    return round(x, 3)\n", []),
    "unused": ("0.1", "", []),
}


def write_wheel(folder: Path, name: str, version: str, code: str) -> Path:
    """A wheel of one module."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    about = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": code,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [f"{file},sha256={_digest(text)},{len(text.encode())}"
              for file, text in files.items()]
    files[f"{about}/RECORD"] = "\n".join([*record, f"{about}/RECORD,,", ""])
    with ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
    return path


def _digest(text: str) -> str:
    found = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(found).decode().rstrip("=")


def write_release(folder: Path, **about: Any) -> Path:
    """The release in a folder; `about` are keys of its package.json and its lock's info."""
    folder.mkdir(parents=True)
    packages = {}
    for name, (version, code, depends) in SOURCES.items():
        wheel = write_wheel(folder, name, version, code)
        packages[name] = {
            "name": name, "version": version, "file_name": wheel.name, "install_dir": "site",
            "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(), "package_type": "package",
            "imports": [name], "depends": depends, "unvendored_tests": False,
        }
    info = {**bundled_lock()["info"], **about.get("info", {})}
    (folder / "pyodide-lock.json").write_text(json.dumps({"info": info, "packages": packages}))
    (folder / "package.json").write_text(json.dumps(
        {"name": "pyodide", "version": about.get("version", bundled_version())}))
    (folder / "index.html").write_text("a page, so that it can be served")
    return folder


def packed(release: Path) -> Path:
    """The release as its makers pack it."""
    path = release.with_name("pyodide-release.tar.bz2")
    with tarfile.open(path, "w:bz2") as archive:
        archive.add(release, "pyodide")
    return path
