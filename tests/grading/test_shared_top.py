"""Which of the author's first cells are run once for all learners: those alike for all."""

from __future__ import annotations

import pytest

from kit.grading.running import same_top


@pytest.mark.parametrize("source", [
    "import numpy as np\nrng = np.random.default_rng(7)", "import random\nrandom.seed(3)",
    "import pandas as pd\nsales = pd.read_csv('sales.csv')", "rng = random.Random(1)",
    "from numpy.random import default_rng",
])
def test_these_are(source: str) -> None:
    assert [one.source for one in same_top([source, "x = 1"])] == [source, "x = 1"]


@pytest.mark.parametrize("source", [
    "rng = np.random.default_rng()", "rng = np.random.default_rng( None )", "dice = Random()",
    "rng = np.random.RandomState()", "dice = random.SystemRandom(3)", "import uuid",
    "import secrets", "key = os.urandom(8)", "who = ag.variant(1, 2)", "import os\nos.environ",
    "from datetime import datetime\nnow = datetime.now()", "import time\nt = time.time()",
])
def test_these_are_not_and_then_none_is(source: str) -> None:
    assert same_top(["x = 1", source]) == ()
