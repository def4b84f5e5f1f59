"""Write the reference pages from the code: commands, course.yml, Python, findings, attacks.

    python docs/make_reference.py           write them
    python docs/make_reference.py --check   say which are not up to date, exit 1 if any

A test regenerates them and compares, so that no page says what the code does not.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import click
from attacks_page import attacks_page

from kit.files import write_text

HERE = Path(__file__).resolve().parent
MADE = "% Made from the code by docs/make_reference.py; a change here is lost.\n"


# -------------------------------------------------------------------------------- commands

_COMMANDS = """# Commands

`kit COMMAND --help` prints what stands here. Commands run in a course folder or anywhere below
it; `--course DIR` names another. `python -m kit` is the same program.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | not done, or something was found: the message says what to do next |
| 2 | the command line itself is wrong |
| 130 | stopped by Ctrl-C; what was finished is kept |

With `--json` a command prints one JSON value and nothing else on standard output. Progress goes
to standard error. `NO_COLOR` turns colours off; a pipe has none.
"""


def commands_page() -> str:
    """Every command with usage, meaning, arguments and options, from click."""
    from kit.cli.main import COMMANDS

    parts = [_COMMANDS]
    for group in dict.fromkeys(group for group, _ in COMMANDS.values()):
        parts.append(f"## {group}\n")
        for name, (home, _) in COMMANDS.items():
            if home == group:
                command = import_module(f"kit.cli.{name}").command
                parts.extend(_command(command, f"kit {name}", level=3))
    return "\n".join(parts)


def _command(command: click.Command, path: str, *, level: int) -> Iterator[str]:
    context = click.Context(command, info_name=path)
    prose, example = _help(command)
    usage = " ".join(command.get_usage(context).removeprefix("Usage:").split())
    yield f"{'#' * level} {path}\n"
    yield f"```text\n{usage}\n```\n"
    yield f"{prose}\n"
    rows = [record for parameter in command.get_params(context)
            if (record := parameter.get_help_record(context)) and record[1]
            and "--help" not in parameter.opts]
    if rows:
        yield _table(("option", "meaning"), [(_code(name), _escape(text)) for name, text in rows])
    if example:
        yield f"```console\n{example}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from _command(inner, f"{path} {name}", level=level + 1)


def _help(command: click.Command) -> tuple[str, str]:
    """The prose of a command's help, and the lines of its example."""
    text = inspect.cleandoc(command.help or "")
    prose: list[str] = []
    example = ""
    for paragraph in text.split("\n\n"):
        if not paragraph.startswith("\b\n"):
            prose.append(_arguments(" ".join(paragraph.split())))
            continue
        lines = paragraph.removeprefix("\b\n").split("\n")
        shown = [line.strip() for line in lines if line.strip() != "Example"]
        if all(line.startswith("kit ") for line in shown):
            example = "\n".join(f"$ {line}" for line in shown)
        else:
            prose.append("```text\n" + "\n".join(lines) + "\n```")
    return "\n\n".join(prose), example


def _arguments(text: str) -> str:
    """Names in capitals that stand for an argument, set as code."""
    return re.sub(r"(?<![`\w/.-])([A-Z]{4,})(?![\w`])", r"`\1`", text).replace("`JSON`", "JSON")


# ------------------------------------------------------------------------------- course.yml

_COURSE = """# course.yml

One file describes the course. `kit schema` prints its JSON Schema, and the first line of a
scaffolded `course.yml` points editors at it, so that they complete keys and show these texts.
An unknown key or a wrong value ends every command with the line, the key and the nearest valid
choice.

Moments are written as `2027-01-25 23:59` and are local to the course's `timezone`, unless an
offset is stated. Beside it stand, if you need them:

{tables}
Only `id` is required of a roster; one column `name` may stand for the two names. A due date in
`extensions.csv` wins over the assignment's for that learner, and `excused` takes the assignment
out of the learner's grade. Members of a team hand in once and share the score.
"""


def course_page() -> str:
    """The keys of `course.yml`, from its JSON Schema."""
    from kit.course import roster
    from kit.course.schema import json_schema

    schema = json_schema()
    inner: Mapping[str, Any] = schema["$defs"]
    files = (("roster.csv", roster.ROSTER_COLUMNS), ("extensions.csv", roster.EXTENSION_COLUMNS),
             ("teams.csv", roster.TEAM_COLUMNS))
    tables = _table(("file", "columns"), [
        (f"`{name}`", ", ".join(f"`{column}`" for column in columns)) for name, columns in files])
    parts = [_COURSE.format(tables=tables), _keys("The course", schema, inner)]
    parts += [_keys(_title(name), inner[name], inner) for name in _order(schema, inner)]
    return "\n".join(parts)


def _order(schema: Mapping[str, Any], inner: Mapping[str, Any]) -> list[str]:
    """Names of the inner objects, in the order in which the keys lead to them."""
    found: list[str] = []
    pending = [schema]
    while pending:
        node = pending.pop(0)
        for field in node.get("properties", {}).values():
            for name in re.findall(r"#/\$defs/(\w+)", str(field)):
                if name not in found:
                    found.append(name)
                    pending.append(inner[name])
    return found


def _title(name: str) -> str:
    words = re.findall(r"[A-Z][a-z]+", name.removesuffix("Entry"))
    return " ".join(words).capitalize()


def _keys(title: str, node: Mapping[str, Any], inner: Mapping[str, Any]) -> str:
    required = node.get("required", [])
    rows = [
        (f"`{key}`", _type(field), _default(field, required=key in required),
         _escape(_meaning(field, inner)))
        for key, field in node["properties"].items()
    ]
    about = f"{node['description']}\n\n" if node.get("description") else ""
    return f"## {title}\n\n{about}{_table(('key', 'type', 'default', 'meaning'), rows)}"


def _meaning(field: Mapping[str, Any], inner: Mapping[str, Any]) -> str:
    """The field's description, else that of the object it leads to."""
    target = inner.get(str(field.get("$ref", "")).rsplit("/", 1)[-1], {})
    return str(field.get("description") or target.get("description", ""))


def _type(field: Mapping[str, Any]) -> str:
    if "$ref" in field:
        title = _title(field["$ref"].rsplit("/", 1)[1])
        return f"[{title.lower()}](#{title.lower().replace(' ', '-')})"
    if "anyOf" in field:
        return " or ".join(_type(one) for one in field["anyOf"] if one.get("type") != "null")
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    kind = field.get("type", "text")
    if kind == "array":
        return f"list of {_type(field.get('items', {}))}"
    if kind == "object":
        return f"mapping to {_type(field.get('additionalProperties', {}))}"
    if field.get("format") in ("date", "date-time"):
        return "date" if field["format"] == "date" else "moment"
    names = {"string": "text", "number": "number", "integer": "whole number",
             "boolean": "true or false"}
    return names.get(kind, str(kind))


def _default(field: Mapping[str, Any], *, required: bool) -> str:
    if required:
        return "required"
    value = field.get("default")
    if value in (None, "") or isinstance(value, (list, dict)):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return f"`{value}`"


# ----------------------------------------------------------------------------------- Python

_PYTHON = """# Python

Every stage is a function that takes nouns and returns nouns, so a script can do what the
commands do. `kit.workflow` holds one function a stage, `kit.regrading` what changes scores
later; the rooms below do the work. This page lists what each room offers; names that are not
here may change at any time.

```python
from pathlib import Path

from kit import workflow
from kit.course import assignment_of

course = workflow.load(Path("accounting-101"))
ps1 = assignment_of(course, "ps1")
made = workflow.release(course, ps1)
print(made.release.max_points)
```

What a user can mend is raised as a `KitError`: it says what happened, where, and what to do
next. Imports are lazy: `import kit` brings nothing with it, and a room's third-party packages
are loaded when a function needs them.
"""

ROOMS = (
    "kit.workflow", "kit.regrading", "kit.model", "kit.errors", "kit.files", "kit.notebook",
    "kit.plugins", "kit.sandbox", "kit.course", "kit.release", "kit.collect", "kit.grading",
    "kit.gradebook", "kit.feedback", "kit.site", "kit.check", "kit.simulate",
)


def python_page() -> str:
    """The public names of each room with the first sentence of what they say of themselves."""
    parts = [_PYTHON]
    for name in ROOMS:
        room = import_module(name)
        parts.append(f"## {name}\n\n{_sentence(room.__doc__)}\n")
        parts.append("\n".join(_entries(room)) + "\n")
    return "\n".join(parts)


def _entries(room: ModuleType) -> Iterator[str]:
    for name in _public(room):
        value = inspect.unwrap(getattr(room, name))
        if inspect.isfunction(value) or inspect.isclass(value):
            shown = f"{name}({_parameters(value)})" if inspect.isfunction(value) else name
            yield f"- `{shown}`: {_sentence(value.__doc__)}"
        else:
            yield f"- `{name}`: {_sentence(_constant(room, name))}"


def _public(room: ModuleType) -> Sequence[str]:
    stated: Sequence[str] | None = getattr(room, "__all__", None)
    if stated is not None:
        return sorted(stated, key=str.casefold)
    return [name for name, value in vars(room).items()
            if not name.startswith("_") and getattr(value, "__module__", "") == room.__name__
            and (inspect.isfunction(value) or inspect.isclass(value))]


def _parameters(function: Callable[..., Any]) -> str:
    """Names alone; `*` before those that are given by keyword, `=` after the optional ones."""
    shown, starred = [], False
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not starred:
            shown.append("*")
            starred = True
        prefix = "*" if parameter.kind is parameter.VAR_POSITIONAL else ""
        prefix = "**" if parameter.kind is parameter.VAR_KEYWORD else prefix
        starred = starred or prefix == "*"
        optional = "" if parameter.default is parameter.empty else "="
        shown.append(f"{prefix}{parameter.name}{optional}")
    return ", ".join(shown)


def _constant(room: ModuleType, name: str) -> str:
    """The text below an assignment, in the module that makes it."""
    for module in (room, *(m for key, m in sorted(sys.modules.items())
                           if key.startswith(f"{room.__name__}."))):
        body = ast.parse(inspect.getsource(module)).body
        for statement, after in zip(body, [*body[1:], None], strict=True):
            targets = getattr(statement, "targets", [getattr(statement, "target", None)])
            if not any(isinstance(t, ast.Name) and t.id == name for t in targets):
                continue
            if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                return str(after.value.value)
    value = getattr(room, name)
    choices = get_args(value) or (tuple(value) if isinstance(value, (Mapping, tuple)) else ())
    if choices:
        return f"one of {', '.join(f'`{choice}`' for choice in choices)}."
    return f"`{value!r}`."


def _sentence(text: str | None) -> str:
    """The first sentence of a docstring, on one line."""
    first = " ".join(inspect.cleandoc(text or "").split("\n\n")[0].split())
    found = re.match(r"(.+?[.!?])(?= [A-Z`]|$)", first)
    return found[1] if found else first


# --------------------------------------------------------------------------------- findings

_FINDINGS = """# Findings of kit check

The letter tells how bad it is: an error (E) makes `kit check` exit with 1 and stops
`kit release` unless it is forced; a warning (W) does neither. `kit check --explain E203` prints
what stands here. [Extend](extend.md) shows how to add a check of your own.

The rule: an error is what learners would suffer from (an answer that they can read, a point that
they cannot earn or need not, a notebook that stops) or what nbgrader refuses. What an author may
have meant, such as a cell that raises to show how, a test that asserts nothing, or a kernel of
another machine, is a warning. Delimiters, stubs and `enforce_metadata` of your own
`nbgrader_config.py` are read as nbgrader reads them.
"""

_GROUPS = {"1": "The course and its notebooks", "2": "Answers and tests", "3": "Lessons"}


def findings_page() -> str:
    """Code, title and explanation of each built-in check."""
    from kit.check import checks

    built_in = [one for one in checks() if one.function.__module__.startswith("kit.check.")]
    parts = [_FINDINGS]
    for digit in sorted({one.code[1] for one in built_in}):
        parts.append(f"## {_GROUPS.get(digit, f'{digit}00 and on')}\n")
        for one in built_in:
            if one.code[1] == digit:
                text = " ".join(one.explanation.split())
                parts.append(f"### {one.code} {one.title}\n\n{text}\n")
    return "\n".join(parts)


# ------------------------------------------------------------------------------------ pages


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _code(text: str) -> str:
    return "`" + text.replace("|", "\\|") + "`"


def _escape(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands_page,
    "course.md": course_page,
    "python.md": python_page,
    "findings.md": findings_page,
    "attacks.md": attacks_page,
}


def page(name: str) -> str:
    """The whole text of a reference page: its title first, then where it comes from."""
    title, rest = PAGES[name]().split("\n", 1)
    return f"{title}\n\n{MADE}{rest}"


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with `--check` compare them."""
    stale = []
    for name in PAGES:
        path, text = HERE / name, page(name)
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            write_text(path, text)
    print("\n".join(stale) or "up to date")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
