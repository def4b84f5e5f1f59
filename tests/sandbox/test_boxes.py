"""What code in a box finds around it: its files, the system to read, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.model import Execution, Limits, RunState
from kit.sandbox import ALL_LAYERS, GROUP, Code, Pool

Run = Callable[..., Execution]


def text(done: Execution, place: int = 0) -> str:
    assert done.cells[place].state is RunState.OK, done.cells[place].outputs
    return "".join(str(output.get("text", "")) for output in done.cells[place].outputs)


def test_every_layer_is_on(pool: Pool) -> None:
    assert pool.layers.sealed
    assert set(pool.layers.on) - {GROUP} == set(ALL_LAYERS)
    assert pool.layers.words.startswith("sealed: user namespace, ")


def test_without_boxes_the_rest_is_on_and_the_words_say_so(bare: Pool) -> None:
    assert not bare.layers.sealed
    assert set(bare.layers.on) == {"no capabilities", "no new privileges", "Landlock", "seccomp",
                                   "rlimits"}
    assert bare.layers.words.startswith("not sealed, 7 of 12 layers are missing (user namespace")


def test_it_has_copies_of_the_files_and_its_own_come_back(pool: Pool, tmp_path: Path) -> None:
    work = tmp_path / "ps1"
    (work / "data").mkdir(parents=True)
    (work / "data" / "rows.csv").write_text("a\n1\n")
    (work / "tool.py").write_text("answer = 42\n")
    (work / "kept.txt").write_text("as it was")
    cells = ["import os, tool\nprint(os.getcwd(), tool.answer, open('data/rows.csv').read())",
             ("os.makedirs('made/deep')\nopen('made/deep/out.txt', 'w').write('new')\n"
              "open('data/rows.csv', 'a').write('2\\n')")]
    done, _ = pool.run([Code(source=one) for one in cells], Limits(), cwd=work)
    assert text(done) == "/box/learner/ps1 42 a\n1\n\n"
    assert (work / "made" / "deep" / "out.txt").read_text() == "new"
    assert (work / "data" / "rows.csv").read_text() == "a\n1\n2\n"
    assert (work / "kept.txt").read_text() == "as it was"


def test_what_it_leaves_cannot_reach_past_the_folder(pool: Pool, tmp_path: Path) -> None:
    work, other = tmp_path / "ps1", tmp_path / "other"
    work.mkdir()
    other.mkdir()
    (work / "out").symlink_to(other)
    (other / "secret").write_text("theirs")
    leave = ("import os\nos.symlink('/etc/passwd', 'link')\nos.mkfifo('pipe')\n"
             "os.makedirs('out')\nopen('out/secret', 'w').write('mine')\n"
             "os.link('out/secret', 'hard')\nopen('fine', 'w').write('x')\n"
             "os.makedirs('shut')\nopen('shut/in', 'w').write('y')\nos.chmod('shut', 0)\n"
             "os.makedirs('/'.join('d' * 200))")
    done, _ = pool.run([Code(source=leave)], Limits(), cwd=work)
    assert done.state is RunState.OK, done.cells[0].outputs
    assert (other / "secret").read_text() == "theirs"
    found = {path.name for path in work.iterdir()}
    assert {"fine", "hard"} <= found
    assert not found & {"link", "pipe"}
    assert (work / "shut" / "in").read_text() == "y"


def test_the_machine_is_out_of_sight(run: Run, tmp_path: Path) -> None:
    (tmp_path / "gradebook.db").write_text("marks")
    look = ("import os, glob\n"
            f"print([os.path.exists(p) for p in ({str(tmp_path.parent)!r}, '/root/.bashrc', "
            "'/sys', '/run', '/var/log', '/var/lib', '/srv', '/mnt', '/etc/shadow', "
            "'/etc/hostname')])\n"
            "print(len(glob.glob('/proc/[0-9]*')), os.getppid())\n"
            "print(open('/etc/passwd').read().count(':x:'), os.uname().nodename, os.getuid())")
    seen = text(run(look)).splitlines()
    assert seen == [str([False] * 10), "2 1", "2 box 1000"]


@pytest.mark.parametrize("path", ["/", "/etc", "/usr", "/dev", "/box", sys.prefix])
def test_it_writes_only_into_its_box(run: Run, path: str) -> None:
    done = run(f"open({path!r} + '/x', 'w')")
    assert done.cells[0].outputs[0]["ename"] in ("PermissionError", "OSError")


def test_what_is_written_has_a_quota(run: Run) -> None:
    fill = "for n in range(100):\n    open(f'f{n}', 'wb').write(b'0' * 9 * 10**5)"
    done = run(fill, file_bytes=10**6)
    assert done.cells[0].outputs[0]["evalue"].startswith("[Errno 28]")


def test_its_own_network_works_and_no_other(run: Run) -> None:
    own = ("import socket, threading\nserver = socket.create_server(('127.0.0.1', 0))\n"
           "def answer():\n    one, _ = server.accept()\n    one.sendall(b'hello')\n"
           "    one.close()\n"
           "thread = threading.Thread(target=answer)\nthread.start()\n"
           "print(socket.create_connection(server.getsockname()).recv(9))\nthread.join()")
    out = "socket.create_connection(('192.0.2.1', 80), timeout=5)"
    done = run(own, out)
    assert text(done) == "b'hello'\n"
    assert done.cells[1].outputs[0]["evalue"] == "[Errno 101] Network is unreachable"


def test_what_notebooks_use_still_works(run: Run) -> None:
    done = run(
        "import multiprocessing as m\nwith m.get_context('fork').Pool(2) as p:\n"
        "    print(p.map(abs, [-1, 2]))",
        "import subprocess, sys\n"
        "print(subprocess.run([sys.executable, '-c', 'print(6*7)'], capture_output=True,"
        " text=True).stdout)",
        "import tempfile\nwith tempfile.NamedTemporaryFile('w+') as f:\n    f.write('x')\n"
        "    print(f.name.startswith('/box/learner/'))",
        "from multiprocessing import shared_memory\ns = shared_memory.SharedMemory(create=True,"
        " size=64)\nprint(s.size)\ns.close(); s.unlink()",
        "import asyncio\nprint(await asyncio.to_thread(lambda: 5))",
        "import pathlib\nprint(pathlib.Path.home(), pathlib.Path('/tmp').exists())",
    )
    said = [text(done, place).strip() for place in range(6)]
    assert said == ["[1, 2]", "42", "True", "64", "5", "/box/learner/.tmp True"]


def test_nothing_of_a_run_is_left_for_the_next(pool: Pool, tmp_path: Path) -> None:
    leave = ("import os, subprocess, socket, time\n"
             "open('/tmp/note', 'w').write('for you')\nopen('/dev/shm/note', 'w').write('too')\n"
             "subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
             "if os.fork() == 0:\n    os.setsid()\n    time.sleep(600)\n"
             "s = socket.socket(socket.AF_UNIX)\ns.bind('\\0note')\ns.listen()")
    look = ("import os, glob, socket\n"
            "print([n for n in os.listdir('/tmp') + os.listdir('/dev/shm') if 'note' in n],"
            " glob.glob('/proc/[0-9]*'))\n"
            "try:\n    socket.socket(socket.AF_UNIX).connect('\\0note')\n"
            "except OSError as e:\n    print(type(e).__name__)")
    for number in range(3):
        done, _ = pool.run([Code(source=leave)], Limits(), cwd=tmp_path)
        assert done.state is RunState.OK
        seen, _ = pool.run([Code(source=look)], Limits(), cwd=tmp_path)
        own = text(seen).splitlines()
        assert own[0].startswith("[] ['/proc/1', '/proc/"), number
        assert own[0].count("/proc/") == 2
        assert own[1] == "ConnectionRefusedError"


def test_an_ordinary_account_gets_the_same(tmp_path: Path) -> None:
    # Root first lays out files that such an account can read, its interpreter among them.
    program = """
import os, pathlib, sys, tempfile
from kit.model import Limits
from kit.sandbox import Code, linux, open_pool, root
if os.geteuid() == 0:
    linux.unshare(linux.CLONE_NEWNS)
    needed = root.needed()
    root.build(sys.argv[1], needed)
    root.mount_box(10**8, needed)
    os.chmod(root.TEMPORARY, 0o777)
    os.chdir(root.TEMPORARY)
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
    linux.prctl(linux.PR_SET_DUMPABLE, 1)
work = pathlib.Path(tempfile.mkdtemp())
(work / 'a').write_text('given')
with open_pool() as pool:
    done, _ = pool.run([Code(source="print(open('a').read(), __import__('os').getuid())"),
                        Code(source="open('b', 'w').write('made')")], Limits(), cwd=work)
    print(os.geteuid() > 0, pool.layers.words, done.cells[0].outputs[0].get('text'),
          (work / 'b').read_text())
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], text=True, capture_output=True,
        timeout=120, check=False)
    assert done.stdout.startswith("True sealed: "), done.stderr
    assert done.stdout.split()[-3:] == ["given", "1000", "made"]
