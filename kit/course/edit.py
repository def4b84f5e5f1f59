"""Add an item to a list of `course.yml` and leave every other line as it was.

ruamel keeps comments, but hangs the ones that follow a list onto its last item, so that a new
item would land behind them. So lines are inserted into the text, the result is read again, and
only where that does not give what was meant does ruamel write the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from kit.course.find import COURSE_FILE
from kit.course.load import course_text, parse_course
from kit.files import write_text

Where = Sequence[str | int]


def append(root: Path, where: Where, item: Any) -> None:
    """Append `item` (text, or a mapping of texts) to the list at the path `where`.

    Lists that are missing on the way are made. Raises CourseError where the course would not
    be valid afterwards; nothing is written then.
    """
    path = root / COURSE_FILE
    before = course_text(root).replace("\r\n", "\n")
    after = _inserted(before, where, item) or _dumped(before, where, item)
    parse_course(after, root)
    write_text(path, after)


def _yaml(text: str) -> Any:
    from ruamel.yaml import YAML

    yaml = YAML(typ="rt")
    yaml.width = 10_000
    yaml.preserve_quotes = True
    if any(line.startswith("  - ") for line in text.split("\n")):
        yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _at(data: Any, where: Where) -> Any:
    for step in where:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _expected(text: str, where: Where, item: Any) -> Any:
    data = _plain(_yaml(text).load(text))
    _append(data, where, item)
    return data


def _append(data: Any, where: Where, item: Any) -> None:
    for place, step in enumerate(where):
        last = place == len(where) - 1
        if isinstance(step, str) and data.get(step) is None:
            data[step] = [] if last or isinstance(where[place + 1], int) else {}
        data = data[step]
    data.append(item)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value


def _inserted(text: str, where: Where, item: Any) -> str | None:
    """The text with the item's lines put behind the list's last item, or None."""
    data = _yaml(text).load(text)
    found = _at(data, where)
    if not isinstance(found, list) or not found or found.fa.flow_style():  # type: ignore[attr-defined]
        return None
    lines = text.split("\n")
    first: int = found.lc.data[len(found) - 1][0]  # type: ignore[attr-defined]
    dash = len(lines[first]) - len(lines[first].lstrip())
    end = first
    for number in range(first + 1, len(lines)):
        line = lines[number]
        if line.strip() and len(line) - len(line.lstrip()) <= dash:
            break
        if line.strip():
            end = number
    lines[end + 1 : end + 1] = [" " * dash + line for line in _item_lines(item)]
    made = "\n".join(lines)
    try:
        same = bool(_plain(_yaml(made).load(made)) == _expected(text, where, item))
    except Exception:  # noqa: BLE001 - ruamel raises many kinds; the other way is tried then
        return None
    return made if same else None


def _item_lines(item: Any) -> list[str]:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 10_000
    yaml.default_flow_style = False
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    yaml.dump([item], stream)
    lines = stream.getvalue().rstrip("\n").split("\n")
    indent = len(lines[0]) - len(lines[0].lstrip())
    return [line[indent:] for line in lines]


def _dumped(text: str, where: Where, item: Any) -> str:
    yaml = _yaml(text)
    data = yaml.load(text)
    _append(data, where, item)
    stream = StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()
