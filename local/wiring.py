"""Runs app.py's handlers in this process as Lambda would, with the parts swapped that a laptop must own."""

import importlib
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from local.cloud import environment
from local.provision import Stack
from local.pump import Handler

MODULES = ("bootstrap", "bootstrap_law", "bootstrap_evidence", "bootstrap_subjects", "bootstrap_vision")
FUNCTIONS = ("analyse_frames", "publish_alerts", "keep_evidence", "sweep")

MODELS_DIR = Path(__file__).parent.parent / ".models"
"""Where `make models` puts them."""

_QUIET = {"POWERTOOLS_LOG_LEVEL": "WARNING", "POWERTOOLS_METRICS_DISABLED": "true", "POWERTOOLS_TRACE_DISABLED": "true"}


@contextmanager
def wired(stack: Stack, parts: Mapping[str, Any]) -> Iterator[Mapping[str, Handler]]:
    """The handlers in the environment of the stack; `parts` replaces factories of bootstrap by name, such as clock."""
    models = {"MATPHO_MODELS_DIR": str(models_dir())}
    with environment({**_QUIET, **models, **stack.environment}), warnings.catch_warnings():
        app = importlib.import_module("app")
        modules = [importlib.import_module(f"chalicelib.{name}") for name in MODULES]
        before = [dict(vars(module)) for module in modules]
        _start_afresh(modules)
        try:
            # With our own ledger the metrics stay empty, which Powertools finds worth a warning an invocation.
            warnings.filterwarnings("ignore", message="No application metrics to publish")
            for name, part in parts.items():
                _replace(modules, name, part)
            yield {name: getattr(app, name) for name in FUNCTIONS}
        finally:
            for module, names in zip(modules, before, strict=True):
                vars(module).update(names)
            _start_afresh(modules)


def models_dir() -> Path:
    """Where this laptop's models lie."""
    return Path(os.environ.get("MATPHO_MODELS_DIR", MODELS_DIR))


def _replace(modules: list[ModuleType], name: str, part: Any) -> None:
    owners = [module for module in modules if hasattr(module, name)]
    if not owners:
        raise AttributeError(f"bootstrap has no part {name!r}")
    for module in owners:
        setattr(module, name, part)


def _start_afresh(modules: list[ModuleType]) -> None:
    """Forget what was built for another cloud."""
    for module in modules:
        for part in vars(module).values():
            if hasattr(part, "cache_clear") and getattr(part, "__module__", "") == module.__name__:
                part.cache_clear()
