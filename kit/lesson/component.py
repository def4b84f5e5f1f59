"""What all components share: a widget whose content and state are plain data.

A component is one Python class here and one front-end module in `frontend/`. The module gets a
model with `spec`, what the author wrote, and `state`, what the learner did. In JupyterLab anywidget
runs it and `state` reaches the kernel; on a built page the same module runs with no Python at
all (`page_script`), and `state` is kept in the browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets

from kit.lesson.markup import plain
from kit.lesson.saying import ENGLISH, in_language, spoken
from kit.lesson.views import is_wordless, plain_html

FRONTEND = Path(__file__).with_name("frontend")

_IMPORT = re.compile(r"^import \{([^}]*)\} from '\./(shared|charts)\.js';$", re.MULTILINE)
_EXPORTED = re.compile(r"^export (?:function|const) (\w+)", re.MULTILINE)
_FRAME = re.compile(r"(?<![\w.-])\.cp(?![\w-])")
_COMMENT = re.compile(r"^\s*//.*\n", re.MULTILINE)
_INDENT = re.compile(r"^[ ]+", re.MULTILINE)


class Component(anywidget.AnyWidget):
    """A component of a lesson. `kind` names its front-end module."""

    kind: ClassVar[str] = ""

    spec = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, spec: dict[str, Any], *, silent: bool = False, **kwargs: Any) -> None:
        """`silent` tells that the author says nothing of their own to a wrong answer.

        Raises ValueError where nothing is asked: the question is what a component is called.
        """
        if "question" in spec and not (plain_html(spec["question"]) or "<" in spec["question"]):
            raise ValueError("say what is asked: the question is empty")
        self.silent = silent
        if spoken() != ENGLISH:
            kwargs["_esm"] = notebook_script(self.kind, spoken())
        super().__init__(spec={"kind": self.kind, **spec}, **kwargs)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """A subclass that names its kind gets its front-end module and style."""
        if cls.__dict__.get("kind"):  # traitlets makes further subclasses, for single widgets
            cls._esm = notebook_script(cls.kind)
            cls._css = style(cls.kind)
        super().__init_subclass__(**kwargs)

    @property
    def lacks(self) -> list[str]:
        """What a reader would miss: `words` where a picture has none, `feedback` where a wrong
        answer gets nothing of the author's own."""
        wordless = any(map(is_wordless, _texts(self.spec)))
        return ["words"] * wordless + ["feedback"] * self.silent

    def static_html(self) -> str:
        """The component where nothing runs: on paper, and in a page without scripts."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        shown = super()._repr_mimebundle_(**kwargs)
        if shown is None:
            return None
        data, metadata = shown
        # Where a program reads the outputs of a lesson, it finds which component this is.
        named = (f'<div data-component="{self.kind}" data-id="{self.spec.get("id", "")}">'
                 f"{self.static_html()}</div>")
        return {**data, "text/html": named}, metadata


def _texts(part: Any) -> Iterator[str]:
    """The texts in a spec. A view's picture is left out: a component says in words what it is."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for value in () if part.get("picture") else part.values():
            yield from _texts(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from _texts(value)


def identity(kind: str, given: str | None, *texts: Any) -> str:
    """The `id` of a component within its page: the author's, else one that follows from what it
    asks, so that a learner's answer survives a build.

    Raises ValueError for an id that is no single word.
    """
    if given is not None:
        if not re.fullmatch(r"[\w.-]{1,60}", given):
            raise ValueError(f"an id is letters, digits, - and _, such as {kind}-1; not {given!r}")
        return given
    asked = "\n".join(plain(text) for text in texts)
    return f"{kind}-{sha256(asked.encode()).hexdigest()[:8]}"


# ------------------------------------------------------------------------------- front end


def kinds() -> list[str]:
    """The kinds of components, by their modules."""
    others = ("shared", "charts", "host", "progress", "view")
    return sorted(path.stem for path in FRONTEND.glob("*.js") if path.stem not in others)


@cache
def notebook_script(kind: str, language: str = ENGLISH) -> str:
    """The module of a component with all that it imports, as JupyterLab loads it."""
    text = _read(f"{kind}.js")
    used = {found[2] for found in _IMPORT.finditer(text)}
    shared = "\n".join(f"const {name} = {_library(name)};" for name in sorted(used))
    own = _IMPORT.sub(r"const {\1} = \2;", text).replace("export default", "const ownPart =")
    view = _read("view.js").replace("OWN_KIND", kind)
    return in_language(f"{shared}\n{own}\n{view}\n", language)


@cache
def page_script(kind: str, language: str = ENGLISH) -> str:
    """The module of a component for a built page: it registers itself with `host_script`."""
    text = _IMPORT.sub(r"const {\1} = window.courseParts.\2 || {};", _read(f"{kind}.js"))
    text = text.replace("export default", f"window.courseParts.{kind} =")
    return in_language(_small(f"(() => {{\n{text}\n}})();\n"), language)


@cache
def host_script(language: str = ENGLISH) -> str:
    """What draws the components of a built page."""
    text = (f"(() => {{\nwindow.courseParts = {{ shared: {_library('shared')} }};\n"
            f"const {{{', '.join(_exported('shared'))}}} = window.courseParts.shared;\n"
            f"{_read('progress.js')}\n{_read('host.js')}\n}})();\n")
    return in_language(_small(text), language)


@cache
def charts_script() -> str:
    """What draws charts on a page that has some, for the components that show them."""
    return _small(f"window.courseParts.charts = {_library('charts')};\n")


def _library(name: str) -> str:
    """A module that components import, as an expression: what it exports, by name."""
    text = re.sub(r"^export ", "", _read(f"{name}.js"), flags=re.MULTILINE)
    return f"(() => {{\n{text}\nreturn {{ {', '.join(_exported(name))} }};\n}})()"


def _exported(name: str) -> list[str]:
    return _EXPORTED.findall(_read(f"{name}.js"))


@cache
def style(*kinds: str) -> str:
    """The style that all components share, and that of these kinds, each within its own."""
    return _read("lesson.css") + "".join(
        _FRAME.sub(f'[data-part="{kind}"] .cp', _read(f"{kind}.css"))
        for kind in kinds if (FRONTEND / f"{kind}.css").is_file())


def _read(name: str) -> str:
    return (FRONTEND / name).read_text(encoding="utf-8")


def _small(text: str) -> str:
    """Without comments and indentation, which a browser does not need."""
    return _INDENT.sub("", _COMMENT.sub("", text))
