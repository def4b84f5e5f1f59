"""The search proves itself: a word that was planted on purpose is found in each form and place."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from searching import forms, found_below, found_in

WORD = "Kestrel7Heron9Osprey"
NOISE = b"The quick brown fox %s jumps over the lazy dog. " * 3


def packed(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def picture(**how: bool) -> bytes:
    said = PngInfo()
    if how.get("international"):
        said.add_itxt("Comment", WORD, zip=how["zip"])
    else:
        said.add_text("Comment", WORD, zip=how["zip"])
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, "PNG", pnginfo=said)
    return buffer.getvalue()


def notebook(**more: object) -> bytes:
    cell = {"cell_type": "code", "metadata": {}, "source": ["x\n", "y"], "outputs": [], **more}
    return json.dumps({"cells": [cell], "nbformat": 4}).encode()


PLACES = {
    "text": WORD.encode(), "case": WORD.upper().encode(),
    "utf-16": f"some {WORD} text".encode("utf-16"),
    "hex": b"digest " + WORD.encode().hex().encode(),
    "html": "".join(f"&#{ord(one)};" for one in WORD).encode(),
    "half of html": f"Kestrel&#55;{WORD[8:]}".encode(),
    "address": "".join(f"%{ord(one):02X}" for one in WORD).encode(),
    "half of an address": f"?q=Kestrel%37{WORD[8:]}".encode(),
    "json": notebook(source="".join(f"\\u{ord(one):04x}" for one in WORD)).replace(
        b"\\\\u", b"\\u"),
    "half of json": notebook(source=f"Kestrel\\u0037{WORD[8:]}").replace(b"\\\\u", b"\\u"),
    "metadata": notebook(metadata={"mine": {"deep": [WORD]}}),
    "gz": gzip.compress(WORD.encode()),
    "zip": packed(a=WORD.encode()), "zip's names": packed(**{WORD: b"x"}),
    "zip in zip": packed(a=packed(b=packed(c=WORD.encode()))),
    "notebook in zip": packed(a=notebook(source=WORD)),
    "gz in zip": packed(a=gzip.compress(notebook(source=WORD))),
    "picture": picture(zip=False), "packed picture": picture(zip=True),
    "picture's words": picture(zip=True, international=True),
    "picture in a notebook": notebook(outputs=[{"data": {
        "image/png": base64.encodebytes(picture(zip=True)).decode()}}]),
    "picture in a page": b'<img src="data:image/png;base64,'
    + base64.b64encode(picture(zip=True)) + b'">',
    "zip in a page": b"data:application/zip;base64," + base64.b64encode(packed(a=WORD.encode())),
    "reversed": WORD[::-1].encode(),
} | {f"base64 at {shift}": base64.b64encode(b"abcdef"[:shift] + WORD.encode() + b"tail")
     for shift in range(6)}


@pytest.mark.parametrize("place", PLACES)
def test_a_planted_word_is_found(place: str) -> None:
    assert found_in(PLACES[place], "a.bin", [WORD, "Absent1Word2Here3"]) == {WORD}


@pytest.mark.parametrize("form", forms(WORD))
def test_each_form_is_looked_for_by_itself(form: str) -> None:
    there = NOISE.replace(b"%s", forms(WORD)[form])
    assert found_in(there, "a.txt", [WORD]) == {WORD}


def test_names_of_files_and_folders_count(tmp_path) -> None:
    (tmp_path / f"x-{WORD.lower()}").mkdir()
    (tmp_path / "a.txt").write_text("nothing")
    assert found_below(tmp_path, [WORD]) == {f"x-{WORD.lower()}": {WORD}}


def test_nothing_is_found_where_nothing_is() -> None:
    assert found_in(NOISE + packed(a=NOISE) + picture(zip=True)[:8], "a.txt", [WORD]) == set()
