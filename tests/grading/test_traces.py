"""Which cells are known to leave nothing behind in a process but variables."""

from __future__ import annotations

import pytest

from kit.grading.traces import left_by

IMPORTS = "import math\nimport numpy as np\nimport pandas as pd\nimport autograders as ag\n"

NOTHING = [
    "assert area(2) == 4 * math.pi",
    "assert [n for n in range(20) if is_prime(n)] == [2, 3, 5]",
    "np.testing.assert_allclose(x, [1, 2])", "assert np.random.default_rng(1).normal() < f(3)",
    "np.random.seed(3)\nassert draw() < 1", "pd.testing.assert_frame_equal(table, other)",
    "from pandas.testing import assert_series_equal as same\nsame(a, b)",
    "assert df.groupby('a').units.sum().to_list() == [1]", "table = pd.read_csv('data.csv')",
    "q = ag.Question('npv', points=3)\nq.add(ag.number('npv', 1.5))\nq.result()",
    "from autograders import accounting\naccounting.journal('entries', 'x')",
    "ag.accounting.journal('entries', 'x')",
    "with pytest.raises(ValueError):\n    f(-1)\nimport pytest",
    "import unittest\nunittest.TestCase().assertEqual(a, 1)",
    "try:\n    f()\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError('no')",
    "def helper(n):\n    rows = [0]\n    rows[0] += n\n    return rows\nassert helper(2) == g(2)",
    "class Case:\n    pass\nassert f(Case()) is None", "import seaborn\nassert x",
    "import warnings\nwith warnings.catch_warnings():\n    warnings.simplefilter('error')\n    f()",
    "assert hasattr(f, '__name__') and f.__doc__", "print('ok')", "x",
    "import inspect\nassert len(inspect.signature(f).parameters) == 2",
]
SOMETHING = [
    ("np.seterr(all='ignore')", "numpy.seterr"), ("np.set_printoptions(2)", "set_printoptions"),
    ("np.lib.stride_tricks", "numpy.lib"), ("pd.options.mode", "pandas.options"),
    ("pd.set_option('a', 1)", "set_option"), ("df.to_csv('out.csv')", "to_csv"),
    ("a.tofile('x')", "tofile"), ("df.plot()", "plot"), ("df.eval('a + b')", "eval"),
    ("open('x').read()", "open"), ("exec('x = 1')", "exec"), ("globals()['x']", "globals"),
    ("f.calls = 0", "attribute calls"), ("del f.calls", "attribute calls"),
    ("math.pi = 3", "attribute pi"), ("math = 3", "math another meaning"),
    ("import os\nos.environ['a'] = '1'", "os.environ"), ("from os import *", "all of os"),
    ("from helper import check\ncheck(x)", "helper.check"), ("f(np)", "module numpy"),
    ("import math as np\nnp.pi", "two things"), ("%matplotlib inline\nassert x", "magics"),
    ("%%time\nassert x", "magics"), ("!ls", "magics"), ("await f()", "waits"),
    ("from unittest.mock import patch\nwith patch('x'):\n    f()", "unittest.mock.patch"),
    ("import matplotlib.pyplot as plt\nplt.gcf()", "matplotlib.pyplot.gcf"),
    ("x.__class__.__subclasses__()", "__subclasses__"), ("f.__globals__", "__globals__"),
    ("getattr(f, name)()", "its text does not tell"), ("getattr(df, 'to_csv')('a')", "to_csv"),
    ("import operator\noperator.methodcaller('to_csv', 'a')(df)", "methodcaller"),
    ("import functools as t\nt._CacheInfo", "functools._CacheInfo"), ("In[0]", "In"),
    ("import io\nio.open('x')", "io.open"), ("display(x)", "display"),
    ("import sys\nsys.setrecursionlimit(50)", "setrecursionlimit"), ("def (", "Python"),
    ("import threading\nthreading.Thread(target=f).start()", "threading.Thread"),
]


@pytest.mark.parametrize("source", NOTHING)
def test_cells_that_leave_nothing(source: str) -> None:
    assert left_by([IMPORTS, source]) == ""


@pytest.mark.parametrize(("source", "what"), SOMETHING)
def test_cells_that_may_leave_something(source: str, what: str) -> None:
    assert what in left_by([IMPORTS, source])


def test_a_name_is_looked_up_in_all_cells() -> None:
    """A later cell may use what an earlier one imported, and the other way round in a function."""
    assert left_by(["def tell():\n    return os.getcwd()", "import os", "tell()"]) == (
        "it uses os.getcwd")
