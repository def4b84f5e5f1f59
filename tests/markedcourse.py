"""A small course in Spanish with a page of each kind, in which all that its author wrote stands
between ⟪ and ⟫: what a page says beside that is ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tinycourse import LOGO, cell, released

from kit.course import load_course
from kit.model import Course, Release

COURSE = """\
id: marked
title: ⟪Curso de prueba⟫
description: ⟪Dos lecciones y dos tareas.⟫
language: es
authors: [{name: ⟪Junta de ejemplos⟫}]
institution: ⟪Centro de ejemplos⟫
licence: CC-BY-4.0
effort: ⟪2 semanas⟫
timezone: Europe/Madrid
start: 2027-01-11
parts:
  - title: ⟪Primera parte⟫
    start: 2027-01-12
    lessons: [lessons/cells]
  - title: ⟪Segunda parte⟫
    lessons: [lessons/prose]
assignments:
  - {name: ps1, title: ⟪Primera tarea⟫, opens: 2027-01-02 09:00, due: 2027-01-21 23:59,
     group: sets, selfstudy: always}
  - {name: ps2, title: ⟪Segunda tarea⟫, due: 2099-02-04 23:59, group: sets, selfstudy: after_due}
  - {name: ps3, title: ⟪Tercera tarea⟫}
grading:
  groups:
    - {name: sets, title: ⟪Tareas cortas⟫, weight: 60, number: 4, drop: 1}
    - {name: exam, title: ⟪Examen⟫, weight: 40, number: 1}
  cutoffs: {⟪A⟫: 87.5, ⟪B⟫: 60}
  late: {policy: percent, percent_a_day: 10, grace_minutes: 90, floor: 20}
outcomes: [{id: o, statement: ⟪Sumar precios.⟫}]
site:
  url: https://example.org/marked
  repository: https://github.com/example/marked
  hub: https://hub.example.org
  colab: true
  logo: figures/logo.svg
  discussion:
    {provider: giscus, repository: example/marked, repository_id: R_1, category: Lecciones,
     category_id: C_1}
"""

CELLS = """\
---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---

# ⟪Celdas⟫

⟪Precios.⟫

```{code-cell}
:tags: [hide-input]
print(1)
```

```{code-cell}
:tags: [hide-output]
print(2)
```

```{code-cell}
:tags: [hide-cell]
print(3)
```

```{code-cell}
:tags: [remove-input, hide-output]
print(4)
```

```{code-cell}
import matplotlib.pyplot as plt

figure, axes = plt.subplots()
axes.set_title("⟪Ventas⟫")
axes.plot([1, 2])
plt.show()
```

```{code-cell}
import ipywidgets as widgets

slider = widgets.IntSlider(value=2, min=0, max=4)
moved = widgets.Play(value=1)
link = widgets.jslink((slider, "value"), (moved, "value"))
slider
```

```{code-cell}
from traitlets import Unicode

class Own(widgets.DOMWidget):
    _model_module = Unicode("nowhere").tag(sync=True)
    _view_name = Unicode("Own").tag(sync=True)

Own()
```

```{code-cell}
watched = widgets.IntSlider(value=1)
watched.observe(lambda change: None, "value")
watched
```

```{code-cell}
:tags: [remove-input]
from kit.lesson import quiz

quiz("Cuánto es 1 + 1?", {"2": "Eso es.", "3": "No."}, right="2")
```
"""

PROSE = """\
# ⟪Prosa⟫

⟪Aquí no se ejecuta nada: {term}`caja <⟪caja⟫>`, {cite}`libro`.⟫

```{note}
⟪Una nota.⟫
```

```{warning}
⟪Un aviso.⟫
```

```{admonition} ⟪Plegado⟫
:class: dropdown
⟪Dentro.⟫
```

```{toggle}
⟪Oculto.⟫
```

```{dropdown} ⟪Desplegable⟫
⟪Más.⟫
```

```{figure} ../figures/logo.svg
⟪Un dibujo.⟫
```

![](../figures/logo.svg)

<video src="data:video/webm;base64," controls aria-label="⟪película⟫"></video>

```python
print("un ejemplo")
```

| ⟪uno⟫ | ⟪dos⟫ |
|---|---|
| 1 | 2 |

## ⟪Otra sección⟫

⟪Con una nota al pie.⟫[^1]

[^1]: ⟪La nota.⟫
"""

GLOSSARY = """\
# ⟪Glosario propio⟫

```{glossary}
⟪caja⟫
  ⟪Lo que hay en ella.⟫
```
"""
BOOK = ("@book{libro, author = {{⟪Nadie⟫}}, title = {{⟪Un libro⟫}}, publisher = {{⟪Casa⟫}}, "
        "year = 2020}\n")


def write_course(root: Path) -> Course:
    """The course, its homework not released yet."""
    homework: dict[str, Any] = {"nbformat": 4, "nbformat_minor": 5, "cells": [
        cell("markdown", "# ⟪Dobles⟫\n\n⟪Escríbelo.⟫", 0),
        cell("code", "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n"
                     "    ### END SOLUTION\n", 1, grade_id="double", solution=True),
        cell("code", "assert double(2) == 4\n", 2, grade_id="test", grade=True, locked=True,
             points=2.5),
    ], "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3",
                                   "language": "python"}}}
    files = {
        "course.yml": COURSE, "lessons/cells.md": CELLS, "lessons/prose.md": PROSE,
        "glossary.md": GLOSSARY, "references.bib": BOOK, "figures/logo.svg": LOGO,
        "source/ps1/p.ipynb": json.dumps(homework),
        "source/ps2/p.ipynb": json.dumps(homework), "roster.csv": "id,first_name,last_name\n",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_course(root)


def releases(course: Course) -> dict[str, Release]:
    """Two of its assignments released."""
    return released(course, "ps1") | released(course, "ps2")
