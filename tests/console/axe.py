"""Deque's axe in a page: what is wrong with it for people who don't see, hear or point as most do."""

from pathlib import Path
from typing import Any

AXE = Path(__file__).parents[2] / "console" / "node_modules" / "axe-core" / "axe.min.js"


def found_by_axe(page: Any) -> list[str]:
    """What breaks WCAG 2.2 AA on a page, and where; looked at from its top, where the bar hides nothing."""
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    rules = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"
    found = page.evaluate(f"axe.run(document, {rules}).then(found => found.violations)")
    return [f"{one['id']}: {node['target']}" for one in found for node in one["nodes"]]
