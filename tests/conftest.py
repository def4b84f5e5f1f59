"""Fixtures that every room's tests share."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from browser import INSTALL, find_chromium
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, settings
from require import need

from kit.later import grammar_later

pytest.register_assert_rewrite("answering")
grammar_later()

from nbgrader import api  # noqa: E402 - not before the grammar is put off

# For each new gradebook nbgrader starts a program that says the same each time, for four seconds.
api.get_alembic_version = cache(api.get_alembic_version)

REPOSITORY = Path(__file__).resolve().parent.parent

# How long an example takes says more of the machine than of the code.
settings.register_profile("kit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kit")


LONGEST = (
    "road/test_demo", "sandbox/test_same_as_a_kernel", "docs/test_howtos",
    "redteam/test_next_in_line", "docs/test_gallery", "road/test_standing",
    "docs/test_tutorial", "check/test_variants", "site/test_run_page",
    "redteam/test_sandbox_attacks", "road/test_firefox", "site/test_building",
    "grading/test_conformance", "lesson/test_journal_entry_page", "site/test_looking",
    "road/test_lessons", "site/test_same_by_fork", "lesson/test_journal_entry_same",
    "road/test_every_page", "site/test_pdf")
"""Files of tests that take half a minute or more."""


def pytest_configure(config: pytest.Config) -> None:
    """Have workers take files as they come: by itself xdist keeps those of few tests for last."""
    config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest: no worker shall have it before it when the others are done."""
    order = {f"{REPOSITORY}/tests/{name}.py": place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(str(item.path), len(order)))


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return REPOSITORY


@pytest.fixture
def kit(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run `kit ARGUMENTS...` in this process: (exit code, stdout, stderr)."""
    from kit.cli.main import run

    def call(*arguments: object) -> tuple[int, str, str]:
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return code, out, err

    return call


@pytest.fixture
def tree(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """Build a folder from {path: text} and return it."""

    def build(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return build


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    found = find_chromium()
    need(found, INSTALL)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        running = playwright.chromium.launch(executable_path=found, args=arguments)
        yield running
        running.close()


@pytest.fixture
def invoke() -> Callable[..., Result]:
    """Run a click command with CliRunner; for prompts, which need its input."""
    from kit.cli.main import cli

    runner = CliRunner()
    return lambda *arguments, **options: runner.invoke(cli, list(map(str, arguments)), **options)


def notebook_text(*cells: dict[str, object]) -> str:
    """A notebook as JSON text, from cells of nbformat 4."""
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)})
