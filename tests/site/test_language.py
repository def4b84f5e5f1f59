"""A course in Spanish: its components speak it, on the page, without scripts, and in a copy."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from browser import Visit, served
from tinycourse import COURSE, write_course

from kit.course import load_course
from kit.lesson.component import kinds
from kit.lesson.saying import VARIABLE, catalogue
from kit.model import Course
from kit.site import build
from kit.site.building import _context
from kit.site.lessons.figures import environment

LESSON = """\
---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---

# Componentes

```{code-cell}
from kit.lesson import language, quiz

language("en")
quiz("¿Puede pagar 50?", {"Puede": "¿Dónde está el dinero?", "No puede": "Hay 12."},
     right="No puede")
```

```{code-cell}
from ipywidgets import interact

interact(lambda precio: precio, precio=(1, 3))
```

```{code-cell}
:tags: [run]
1 + 1
```
"""


@pytest.fixture(scope="module")
def spanish(tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, Path]:
    """A course in the Spanish of Mexico, built: (course, site)."""
    root = tmp_path_factory.mktemp("spanish") / "tiny"
    write_course(root)
    (root / "course.yml").write_text(COURSE + "language: es-MX\n", encoding="utf-8")
    (root / "lessons" / "numbers.md").write_text(LESSON, encoding="utf-8")
    course = load_course(root)
    return course, build(course, {}).folder


def test_a_component_speaks_it_whatever_its_notebook_says(
    spanish: tuple[Course, Path], visit: Callable[..., Visit]
) -> None:
    with served(spanish[1]) as base:
        seen = visit(base, "lessons/numbers.html")
        part = seen.page.get_by_role("region", name="¿Puede pagar 50?")
        part.get_by_role("button", name="Comprobar").click()
        assert "Primero elige una respuesta." in part.inner_text()
        part.get_by_label("Puede", exact=True).check()
        part.get_by_role("button", name="Comprobar").click()
        part.get_by_text("Pregunta, todavía no").wait_for()
        assert "1 de 1 respondidas" in seen.page.locator(".kept").inner_text()
        frozen = seen.page.get_by_role("region", name="Cambia y mira: precio")
        assert "Interactivo" in frozen.inner_text()
        (slider,) = frozen.get_by_role("slider").all()
        slider.press("End")
        assert frozen.locator("figure").inner_text() == "3"
        seen.page.get_by_role("button", name="Ejecutar la celda 1").wait_for()
        assert (seen.foreign, seen.errors) == ([], [])


def test_without_scripts_and_from_a_file(
    spanish: tuple[Course, Path], visit: Callable[..., Visit]
) -> None:
    base = spanish[1].as_uri() + "/"
    bare = visit(base, "lessons/numbers.html", java_script_enabled=False).page
    assert "precio: de 1 a 3 en pasos de 1. Aquí: 2." in bare.locator("main").inner_text()
    page = visit(base, "lessons/numbers.html").page
    page.get_by_role("button", name="Ejecutar la celda 1").click()
    assert "el navegador no inicia Python" in page.locator(".run-output").inner_text()


def test_its_scripts_are_put_into_its_language_once(spanish: tuple[Course, Path]) -> None:
    parts = spanish[1] / "_static" / "parts"
    texts = {kind: (parts / f"{kind}.js").read_text(encoding="utf-8")
             for kind in ("host", *kinds())}
    assert not [kind for kind, text in texts.items() if "say`" in text]
    assert str(catalogue("es")["Lock my prediction"]) in texts["predict"]
    for name in ("run.js", "python.js", "output.js", "worker.js"):
        text = (spanish[1] / "_static" / "python" / name).read_text(encoding="utf-8")
        assert "say`" not in text


def test_a_copy_says_its_language_and_an_english_one_nothing(
    spanish: tuple[Course, Path], tiny: tuple[Course, Path]
) -> None:
    said = [json.loads(next(site.rglob("numbers.ipynb")).read_text())["metadata"].get("lang")
            for _, site in (spanish, tiny)]
    assert said == ["es-MX", None]


def test_kernels_are_told_and_another_language_runs_lessons_anew(tiny: tuple[Course, Path]) -> None:
    course = tiny[0]
    assert environment("es-MX")[VARIABLE] == "es-MX"
    assert _context(course) != _context(replace(course, language="es"))
