"""No English is left on a page of another language: every text is marked, right answer or wrong.

The language here wraps each text in ⟦ ⟧, and the author writes Greek: what is left, once both are
taken away, was said by nobody's leave.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ipywidgets
import pandas as pd
import pytest
from browser import Visit

from kit.lesson import (
    bars,
    explore,
    hints,
    journal_entry,
    lecture,
    line,
    misconception,
    points,
    predict,
    quiz,
    saying,
    solution,
    step,
    steps,
    t_accounts,
)
from kit.lesson.component import Component, host_script
from kit.lesson.movable import movable
from kit.lesson.outputs import CannotFreeze
from kit.lesson.running import MOST_TEXT, Session
from kit.lesson.standing import stands
from kit.lesson.views import view_of

CODE = "xx"
WRAPPED = re.compile(r"⟦[^⟦⟧]*⟧")
LATIN = re.compile(r"[A-Za-z]{2,}")
NAMES = ("aria-label", "aria-valuetext", "alt", "title", "placeholder", "label")
TEXTS = """(names) => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const { data, parentElement } = walk.currentNode;
    if (!parentElement.closest('script, style, [data-checker], pre.cp-text')) found.push(data);
  }
  for (const element of document.body.querySelectorAll('*')) {
    found.push(...names.map((name) => element.getAttribute(name) || ''));
  }
  return found;
}"""


class Wrapped(dict[str, str]):
    """A catalogue of all texts."""

    def get(self, text: str, *_: Any) -> str:  # type: ignore[override]
        return f"⟦{text}⟧"


@pytest.fixture(autouse=True)
def _wrapped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    english = saying.catalogue
    monkeypatch.setattr(saying, "catalogue",
                        lambda code: Wrapped() if code == CODE else english(code))
    for where in ("kit.lesson.saying", "kit.site.python.inpage"):
        monkeypatch.setattr(f"{where}.nearest", lambda _: CODE)
    monkeypatch.setenv(saying.VARIABLE, CODE)
    monkeypatch.chdir(tmp_path)


def left(texts: list[str]) -> list[str]:
    """The texts that nobody marked and no author wrote."""
    found = []
    for text in texts:
        rest = re.sub(r"^[^⟦]*⟧|⟦[^⟧]*$", "", text)  # a text with a link in it is of several nodes
        while WRAPPED.search(rest):
            rest = WRAPPED.sub("", rest)
        if LATIN.search(rest):
            found.append(text)
    return found


def unmarked(page: Any) -> list[str]:
    return left(page.evaluate(TEXTS, list(NAMES)))


def unmarked_in(static: str) -> list[str]:
    """The same of HTML where nothing runs."""
    named = re.findall(rf'(?:{"|".join(NAMES)})="([^"]*)"', static)
    return left([html.unescape(one) for one in (*named, *re.split(r"<[^>]*>", static))])


def the(page: Any, name: str) -> Any:
    return page.get_by_role("region", name=name)


def check(part: Any) -> None:
    part.locator(".cp-button").first.click()


# ------------------------------------------------------------------------------ components


def of_quizzes() -> list[Component]:
    mixed = misconception("λάθος", "γιατί")
    return [
        quiz("ένα", {"ναι": "όχι ακόμα", "όχι": "σωστά"}, right="όχι"),
        quiz("πολλά", {"α": "σωστά", "β": "σωστά", "γ": "όχι", "δ": mixed}, right=["α", "β"]),
        quiz("αριθμός", right=4.5, unit="μ"),
        quiz("σειρά", order=["πρώτο", "δεύτερο", "τρίτο"]),
        quiz("ζεύγη", match={"α": "ένα", "β": "δύο"}),
        quiz("η {α} και η {β}", blanks={"α": "μία", "β": 2}),
        quiz("η {α}", blanks={"α": "μία"}),
        quiz("κάρτες", cards={"εμπρός": "πίσω", "άλλη": "άλλη"}),
    ]


def answer_quizzes(page: Any) -> Iterator[None]:
    for answer in (answer_options, answer_ordered, answer_blanks, answer_cards):
        yield from answer(page)


def answer_options(page: Any) -> Iterator[None]:
    one, many = the(page, "ένα"), the(page, "πολλά")
    check(one)
    yield
    for place in (0, 1):
        one.get_by_role("radio").nth(place).check()
        check(one)
        yield
    for chosen in ([0, 2, 3], [2], [0], [0, 1]):
        for place, box in enumerate(many.get_by_role("checkbox").all()):
            box.set_checked(place in chosen)
        check(many)
        yield
    for typed in ("ε", "3", "4,5"):
        the(page, "αριθμός").get_by_role("textbox").fill(typed)
        check(the(page, "αριθμός"))
        yield


def answer_ordered(page: Any) -> Iterator[None]:
    ordered = the(page, "σειρά")
    for row in ("πρώτο", "δεύτερο", "τρίτο"):
        check(ordered)
        down = ordered.get_by_role("listitem").filter(has_text=row).get_by_role("button").nth(1)
        for _ in range(3):
            down.dispatch_event("click")  # at the end it does nothing
        yield
    check(ordered)
    assert ordered.get_attribute("data-state") == "right"
    yield
    matched = the(page, "ζεύγη")
    check(matched)
    yield
    for chosen in (["δύο", "ένα"], ["ένα", "ένα"], ["ένα", "δύο"]):
        for select, value in zip(matched.get_by_role("combobox").all(), chosen, strict=True):
            select.select_option(value)
        check(matched)
        yield


def answer_blanks(page: Any) -> Iterator[None]:
    blanks = page.locator("section.cp").filter(has=page.locator(".cp-sentence"))
    for part in blanks.all():
        check(part)
        yield
        for typed in (["ά", "3"], ["μία", "2"]):
            for field, text in zip(part.get_by_role("textbox").all(), typed, strict=False):
                field.fill(text)
            check(part)
            yield


def answer_cards(page: Any) -> Iterator[None]:
    cards = the(page, "κάρτες")
    for button in (0, 2, 0, 1, 0, 1, 3):  # turn, again, turn, knew, turn, knew, once more
        cards.get_by_role("button", include_hidden=True).nth(button).click()
        yield


def of_predictions() -> list[Component]:
    return [
        predict("επιλογή", {"πάνω": "ναι", "κάτω": "όχι"}, was="πάνω", because="επειδή"),
        predict("πόσο", was=12.0, unit="μ", tolerance=1),
        predict("πόσο ακόμα", was=12.0),
        predict("πού", was=4, axis=(0, 10), unit="μ", outcome=bars({"α": 1})),
        predict("πού αλλού", was=5, axis=(0, 10), step=1),
    ]


def answer_predictions(page: Any) -> Iterator[None]:
    for name in ("επιλογή", "πόσο", "πού"):
        check(page.get_by_role("region", name=name, exact=True))
    yield
    the(page, "επιλογή").get_by_label("πάνω").check()
    check(the(page, "επιλογή"))
    for name, typed in (("πόσο", "12.5"), ("πόσο ακόμα", "2")):
        part = page.get_by_role("region", name=name, exact=True)
        part.get_by_role("textbox").fill(typed)
        check(part)
    for name, key in (("πού", "Home"), ("πού αλλού", "Enter")):
        part = page.get_by_role("region", name=name, exact=True)
        part.get_by_role("slider").press(key)
        yield
        check(part)
    yield
    part = the(page, "επιλογή")
    check(part)  # nothing written
    yield
    part.get_by_role("textbox").fill("έτσι")
    check(part)
    yield
    part.locator(".cp-quiet").first.click()  # change the words
    yield
    check(part)
    part.locator(".cp-link").click()  # begin again: sure?
    yield
    part.locator(".cp-sure ~ button").nth(1).click()
    yield
    part = page.get_by_role("region", name="πόσο ακόμα", exact=True)
    part.locator(".cp-link").click()
    part.locator(".cp-sure ~ button").nth(1).click()
    part.get_by_role("textbox").fill("99")
    check(part)
    yield


def of_explorations() -> list[Component]:
    marks = points([1, 2], [3, 4]) + line([1, 2], [3, 4], name="γραμμή")
    return [
        explore(lambda n, m: f"{n}" if m else "", n=range(5), m=True, units={"n": "μ"},
                names={"n": "πόσα", "m": "αν"}),
        explore(lambda n: [bars({"έχει": {"α": n, "β": 2}}), marks], n=[1, 2, 4],
                question="εικόνα", text="κάτι", names={"n": "ν"}),
        explore(lambda n: t_accounts({"ταμείο": (n, 0), "άδειο": (0, 0)}), n=range(3),
                question="λογαριασμοί", names={"n": "ν"}),
        explore(lambda n: {"α": float("nan")}, n=["α", "β"], question="λίστα", names={"n": "λ"}),
    ]


def answer_explorations(page: Any) -> Iterator[None]:
    for slider in page.get_by_role("slider").all():
        slider.press("End")
    page.get_by_role("checkbox").first.check()
    yield


def of_worked() -> list[Component]:
    worked = [("πρώτα", 4), step("μετά", 8, unit="μ"), step("τέλος", "οκτώ")]
    asked = quiz("ερώτηση", {"α": "ναι", "β": "όχι"}, right="α", id="asked")
    return [
        steps("βήματα", rounds=[("α", worked), ("β", worked), ("γ", worked), ("δ", worked)]),
        hints("σκέψεις", ["μία", "δύο"]), solution("λύση", "έτσι"),
        solution("άλλη λύση", "έτσι", words=1), asked, solution("τρίτη λύση", "έτσι", after=asked),
    ]


def answer_worked(page: Any) -> Iterator[None]:
    part = the(page, "βήματα")
    part.get_by_role("button").last.click()  # on from the example
    yield
    for typed in ("", "επτά", "εννέα", "οκτώ"):
        part.get_by_role("textbox").fill(typed)
        part.get_by_role("textbox").press("Enter")
        yield
    part.get_by_role("button").last.click()  # the next round
    fields = part.get_by_role("textbox")
    for typed in ("α", "7", "9"):
        fields.first.fill(typed)
        fields.first.press("Enter")
        yield
    part.locator(".cp-field .cp-quiet").last.click()  # show this step
    yield
    fields.first.fill("οκτώ")
    fields.first.press("Enter")
    part.get_by_role("button").last.click()
    yield
    for typed in ("4", "8", "οκτώ"):
        fields.first.fill(typed)
        fields.first.press("Enter")
        yield
    assert part.get_attribute("data-state") == "right"
    for _ in range(2):
        the(page, "σκέψεις").get_by_role("button").click()
        yield
    for name in ("λύση", "άλλη λύση"):
        part = page.get_by_role("region", name=name, exact=True)
        check(part)
        yield
        part.get_by_role("textbox").fill("πρώτα αυτό")
        check(part)
        yield
        if part.get_by_role("textbox").count():
            part.get_by_role("textbox").fill("πρώτα αυτό και μετά εκείνο")
            check(part)
            yield
    the(page, "ερώτηση").get_by_role("radio").first.check()
    check(the(page, "ερώτηση"))
    yield


def of_lectures() -> list[Component]:
    for folder in (Path(), Path("page")):
        folder.mkdir(exist_ok=True)
        (folder / "media.mp4").write_bytes(b"no video")
    captions = "WEBVTT\n\n00:00.000 --> 00:04.000\nκαλημέρα\n"
    return [lecture("media.mp4", title="μάθημα", captions=captions),
            lecture("media.mp4", title="άλλο μάθημα", captions=captions, transcript="κείμενο"),
            lecture(title="χωρίς εικόνα", captions=captions)]


def answer_lectures(page: Any) -> Iterator[None]:
    page.locator(".cp-note[role=status]:not(:empty)").nth(1).wait_for()
    yield


KINDS = {
    "quiz": (of_quizzes, answer_quizzes), "predict": (of_predictions, answer_predictions),
    "explore": (of_explorations, answer_explorations), "worked": (of_worked, answer_worked),
    "lecture": (of_lectures, answer_lectures),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_word_of_a_component_is_marked(kind: str, opened: Callable[..., Visit]) -> None:
    make, answer = KINDS[kind]
    made = make()
    assert [text for one in made for text in unmarked_in(one.static_html())] == []
    page = opened(made).page
    assert unmarked(page) == []
    for _ in answer(page):
        assert unmarked(page) == []
    if kind != "lecture":
        page.reload()
        page.wait_for_selector("html[data-parts=drawn]")
        assert unmarked(page) == []


def entry() -> Component:
    kinds = {"ταμείο": "asset", "έσοδα": "revenue", "δάνειο": "liability"}
    return journal_entry("εγγραφή", expected="2027-01-31 Dr ταμείο 4000 / Cr έσοδα 4000",
                         accounts=list(kinds), kinds=kinds, opening={"ταμείο": 50, "δάνειο": -50})


def test_every_word_of_a_journal_entry_is_marked(opened: Callable[..., Visit]) -> None:
    assert unmarked_in(entry().static_html()) == []
    page = opened([entry()], over="file").page
    part = the(page, "εγγραφή")
    check_button = part.locator(".cp-check button")
    said = part.locator(".cp-body > .cp-said")
    accounts, amounts = part.get_by_role("combobox"), part.get_by_role("textbox")

    def looked_at() -> None:
        # What the checker says is English; what stands there before it does is ours.
        assert unmarked(page) == []

    def fill(*values: str) -> None:
        for field, value in zip(amounts.all(), values, strict=False):
            field.fill(value)
        check_button.click()
        looked_at()

    check_button.click()
    looked_at()
    fill("x")
    fill("-5")
    fill("4000")
    accounts.first.select_option("ταμείο")
    fill("")
    accounts.nth(1).select_option("έσοδα")
    part.get_by_role("button").first.click()  # one line more
    looked_at()
    accounts.nth(2).select_option("δάνειο")
    fill("1", "", "2", "", "3", "")  # far from all that was asked about
    assert "⟦not checked⟧" in part.inner_text()
    accounts.nth(2).select_option("")
    said.evaluate("(one) => { one.dataset.checker = 'yes'; }")
    fill("4000", "", "", "4000", "", "")
    assert "⟦right⟧" in part.inner_text()
    part.locator(".cp-as-text button").click()
    looked_at()


def test_what_a_journal_entry_says_of_python_is_marked(opened: Callable[..., Visit]) -> None:
    page = opened([entry()], python=True).page
    page.evaluate("""() => {
      window.coursePython.ask = (message, { note }) => new Promise((done, fail) => {
        note('');
        window.failed = () => fail(new Error('⟦…⟧'));
      });
    }""")
    part = the(page, "εγγραφή")
    part.get_by_role("button").first.click()
    for place, name in enumerate(("ταμείο", "έσοδα", "δάνειο")):
        part.get_by_role("combobox").nth(place).select_option(name)
        part.get_by_role("textbox").nth(2 * place).fill(f"{place + 1}.07")
    part.locator(".cp-check button").click()
    assert "⟦checking⟧" in part.inner_text()
    assert unmarked(page) == []
    page.evaluate("window.failed()")
    part.get_by_text("⟦not checked⟧").wait_for()
    assert unmarked(page) == []


# -------------------------------------------------------------------------- around components


def test_every_word_of_the_progress_of_a_page_is_marked(opened: Callable[..., Visit]) -> None:
    page = opened(of_quizzes()[:1]).page
    page.evaluate("""() => {
      const row = '<tr data-lesson="index"><td class="state"></td><td><progress></progress></tr>';
      document.querySelector('main').insertAdjacentHTML('beforeend',
        `<article></article><table data-progress><tbody>${row}</tbody></table>`);
    }""")
    again = "document.dispatchEvent(new CustomEvent('components-drawn'))"
    page.evaluate(again)
    assert page.locator(".kept").count() == 2
    assert unmarked(page) == []
    page.get_by_label("όχι").check()
    check(the(page, "ένα"))
    page.evaluate(again)
    for tools in page.locator(".kept-tools").all():
        tools.get_by_role("button").nth(1).click()
    assert unmarked(page) == []


CELLS = ('<div class="cell tag_run"><div class="cell_input"><div class="highlight">'
         "<pre>α = 1</pre></div></div></div>") * 3


def test_every_word_of_cells_that_run_is_marked(opened: Callable[..., Visit]) -> None:
    page = opened([entry()], python=True).page
    page.evaluate("""(cells) => {
      document.querySelector('main').innerHTML = `<article>${cells}</article>`;
      window.coursePython.ask = (message, { note, told }) => new Promise((done, fail) => {
        note('');
        told({ begins: 0 });
        told({ loaded: 0 });
        Object.assign(window, { done, fail, told });
      });
    }""", CELLS)
    for name, data in (("output", ""), ("run", '[[], [], ["ξ"]]')):
        page.evaluate("""([name, absent]) => new Promise((load) => {
          const script = document.createElement('script');
          Object.assign(script, { src: `python/${name}.js`, onload: load });
          script.dataset.absent = absent;
          document.head.append(script);
        })""", [name, data])
    bars_of = page.locator(".run-bar")
    run, edit = (bars_of.nth(1).get_by_role("button").nth(place) for place in (0, 1))
    assert unmarked(page) == []
    edit.click()
    page.locator(".cm-content").wait_for()
    page.keyboard.type("β")
    assert unmarked(page) == []
    begun = "told({ begins: 1 }); told({ loaded: 1 }); told({ kind: 'png', text: '' });"
    for end in (
        "told({ kind: 'missing', text: 'ξ' }); told({ ended: 0, isWell: false }); done(false)",
        "fail(Object.assign(new Error('⟦…⟧'), { isStop: true }))",
        f"{begun} told({{ ended: 1, isWell: false }}); done(false)", "done(true)",
    ):
        run.click()
        assert unmarked(page) == []
        page.evaluate(end)
        page.wait_for_function("!document.querySelector('.run-bar button[disabled]')")
        assert unmarked(page) == []
    page.evaluate("Object.assign(coursePython, { isFile: true, hub: 'https://example.org' })")
    run.click()
    assert unmarked(page) == []


def test_what_python_in_a_page_says_of_itself_is_marked(opened: Callable[..., Visit]) -> None:
    page = opened([entry()], python=True).page
    told = page.evaluate("""async () => {
      const said = [];
      window.Worker = class { postMessage() {} terminate() {} };
      const asked = window.coursePython.ask({}, { note: (text) => said.push(text) });
      window.coursePython.stop();
      await asked.catch((error) => said.push(error.message));
      window.Worker = class { constructor() { throw new Error(); } };
      await window.coursePython.ask({}).catch((error) => said.push(error.message));
      return said;
    }""")
    assert len(told) == 3
    assert left(told) == []


def test_what_a_frozen_widget_and_a_view_say_is_marked() -> None:
    drawn = {"kind": "FloatSlider", "children": ["a", "b"]}
    report = {"widgets": {"box": drawn, "a": {"part": True}, "b": {"kind": "Ω"}}, "groups": ()}
    (box,) = stands(report, ["box"])
    table = view_of(pd.DataFrame({"α": ["β" * 250]}))
    told = [box.why, table.said or ""]
    for widget in (ipywidgets.Text(), ipywidgets.FloatText(), ipywidgets.Play(),
                   ipywidgets.IntSlider(max=10**6), ipywidgets.ColorPicker()):
        with pytest.raises(CannotFreeze) as refused:
            movable(widget, "ν")
        told.append(str(refused.value))
    assert left(told) == []
    assert all(text.startswith("⟦") for text in told)


def test_where_output_was_cut_is_said_in_the_language_of_the_page() -> None:
    told: list[str] = []
    session = Session(lambda _, text: told.append(text), "μέχρι {most}")
    assert session.run(f"print('1' * {MOST_TEXT + 1})", "1")
    assert "".join(told).endswith("[μέχρι 100,000]\n")


def test_an_english_page_loads_nothing_for_another_language() -> None:
    script = host_script()
    assert "say`" not in script
    assert "PluralRules" not in script
