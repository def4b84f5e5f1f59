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
