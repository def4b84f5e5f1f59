"""The grammar of IRIs that jsonschema brings is compiled when it is used, and not before."""

from __future__ import annotations

import subprocess
import sys

HEAD = "from kit.later import grammar_later; import sys; grammar_later(); "
COMPILED = "'rfc3987_syntax.syntax_helpers' in sys.modules"


def said(code: str) -> str:
    """What a new Python prints."""
    done = subprocess.run([sys.executable, "-W", "error", "-c", HEAD + code], text=True,
                          capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_notebook_is_validated_without_it() -> None:
    assert said(
        "import nbformat; nbformat.validate(nbformat.v4.new_notebook());"
        f"print({COMPILED})") == "False"


def test_an_iri_is_checked_as_without_us() -> None:
    assert said(
        "import jsonschema\n"
        "iri = jsonschema.Draft202012Validator({'format': 'iri'},"
        " format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)\n"
        "print(iri.is_valid('https://example.org/é'), iri.is_valid('no iri'),"
        f" {COMPILED})") == "True False True"


def test_whoever_imports_the_module_finds_all_of_it() -> None:
    assert said(
        "import importlib.util, rfc3987_syntax\n"
        "print(importlib.util.find_spec('rfc3987_syntax').name,"
        " rfc3987_syntax.parse('iri', 'https://example.org').data)") == "rfc3987_syntax iri"


def test_what_is_loaded_already_stays() -> None:
    code = ("import sys, rfc3987_syntax as real; from kit.later import grammar_later;"
            "grammar_later(); print(sys.modules['rfc3987_syntax'] is real)")
    done = subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, check=True)
    assert done.stdout.strip() == "True"
