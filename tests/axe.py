"""axe-core on a page: what it finds serious or critical."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from require import need

FOLDER = Path(__file__).parent / "site" / "axe"
SCRIPT = FOLDER / "node_modules" / "axe-core" / "axe.min.js"


def found(page: Any) -> list[str]:
    """Each rule that is broken badly, with the first element that breaks it."""
    need(SCRIPT.is_file(), "needs axe-core: npm ci --prefix tests/site/axe")
    page.evaluate(SCRIPT.read_text(encoding="utf-8") + "\n;undefined")
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert result["passes"], "axe looked at nothing"
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in result["violations"]
            if one["impact"] in ("serious", "critical")]
