"""Sphinx in this process, which may stay warm between builds.

The first build of a press imports and sets Sphinx up; a later one with the same configuration
only reads and writes the pages that changed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from kit.errors import BuildError
from kit.files import digest_bytes
from kit.later import grammar_later

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class Press:
    """Prints staged pages as HTML, again and again; `close` it in the end.

    Not for two threads at once: docutils keeps its directives in the process.
    """

    def __init__(self) -> None:
        self.read: frozenset[str] = frozenset()
        """The pages that the last run read, rather than took from an earlier one."""
        self._app: Any = None
        self._key = ""
        self._said = io.StringIO()
        self._open = ExitStack()

    def __enter__(self) -> Press:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of Sphinx, and give docutils back as it was."""
        self._app = None
        self._open.close()

    def run(
        self, config: Mapping[str, Any], source: Path, made: Path, doctrees: Path, *,
        toc: str = "", force: bool = False,
    ) -> tuple[str, ...]:
        """Bring `made` level with `source`; return what Sphinx had to say.

        A change of `config` or `toc` sets Sphinx up anew. Raises BuildError with Sphinx's own
        words where a page cannot be rendered; the next run starts from nothing then.
        """
        grammar_later()
        from sphinx.errors import SphinxError

        self.read = frozenset()
        self._said.seek(0)
        self._said.truncate()
        try:
            self._set_up(config, source, made, doctrees, toc, force=force)
            self._app.build(force)
            self._settle()
        except SphinxError as error:
            self._fail(made)
            where = getattr(error, "modname", "") or ""
            raise BuildError(str(error), where=str(where), hint=self._words().strip()) from error
        except BaseException:
            self._fail(made)
            raise
        return tuple(line for line in self._words().splitlines() if line.strip())

    def _words(self) -> str:
        return _COLOURS.sub("", self._said.getvalue())

    def _set_up(
        self, config: Mapping[str, Any], source: Path, made: Path, doctrees: Path, toc: str, *,
        force: bool,
    ) -> None:
        key = digest_bytes(repr((sorted(config.items()), str(source), str(made), toc)).encode())
        if self._app is not None and key == self._key and not force:
            return
        self.close()
        from sphinx.application import Sphinx
        from sphinx.locale import translators
        from sphinx.util.docutils import docutils_namespace, patch_docutils

        translators.clear()  # Sphinx would keep speaking the first language of this process
        self._open.enter_context(patch_docutils(str(source)))
        self._open.enter_context(docutils_namespace())
        self._app = Sphinx(
            srcdir=source, confdir=None, outdir=made, doctreedir=doctrees, buildername="html",
            confoverrides=dict(config), status=None, warning=self._said, freshenv=force,
        )
        self._app.connect("env-before-read-docs", self._note)
        self._key = key

    def _note(self, app: Any, env: Any, docnames: list[str]) -> None:
        del app, env
        self.read = frozenset(docnames)

    def _settle(self) -> None:
        """What holds as long as this Sphinx lives: configuration, and the theme's files."""
        from sphinx.environment import CONFIG_OK

        self._app.env.config_status = CONFIG_OK
        self._app.builder.copy_static_files = lambda: None

    def _fail(self, made: Path) -> None:
        # A page that was cut short, or not reached, is newer than its source or as old: Sphinx
        # would take it for current.
        self.close()
        for page in made.rglob("*.html"):
            page.unlink()
