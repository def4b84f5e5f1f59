"""Memory of a warm process lies in large pages, where the kernel has them; forks see the same."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = """
import json, os
from kit.sandbox.pages import enlarge, make_room

def large():
    lines = open("/proc/self/smaps_rollup").read().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("AnonHugePages"))

def own():
    lines = open("/proc/self/smaps_rollup").read().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Anonymous"))

first = own()
room = make_room()
values = [f"value {number}" for number in range(400_000)]
inside = own()
room.clear()
after = own()
before = large()
enlarge()
made = large()  # a fork that is at work takes some apart again
read, write = os.pipe()
if os.fork() == 0:
    values[7] = "changed"
    told = [values[7], values[399_999], sum(map(len, values))]
    os.write(write, json.dumps(told).encode())
    os._exit(0)
os.wait()
print(json.dumps({"before": before, "large": made, "fork": json.loads(os.read(read, 4096)),
                  "here": [values[7], sum(map(len, values))], "own": [first, inside, after]}))
"""


@pytest.fixture(scope="module")
def told() -> Any:
    done = subprocess.run([sys.executable, "-c", PROGRAM], text=True, capture_output=True,
                          check=True)
    return json.loads(done.stdout)


def test_a_fork_has_the_same_values_and_changes_its_own(told: Any) -> None:
    total = sum(len(f"value {number}") for number in range(400_000))
    assert told["here"] == ["value 7", total]
    assert told["fork"] == ["changed", "value 399999", total]


def test_room_that_is_not_used_is_given_back(told: Any) -> None:
    first, inside, after = told["own"]
    assert inside - first > 60_000
    assert after - first < 50_000  # 400,000 texts are some 25 MB, and the list of them


def has_large_pages() -> bool:
    setting = Path("/sys/kernel/mm/transparent_hugepage/enabled")
    release = tuple(int(part) for part in platform.release().split(".")[:2])
    return release >= (6, 1) and setting.exists() and "[never]" not in setting.read_text("utf-8")


@pytest.mark.skipif(not has_large_pages(), reason="this kernel makes no large pages when asked")
def test_it_is_in_large_pages_where_the_machine_has_them(told: Any) -> None:
    # How many there are to have is a matter of how torn its memory is: one at least.
    assert told["large"] - told["before"] >= 2_048
