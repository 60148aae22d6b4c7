"""Each handler as Lambda finds it: the module of its handler string, in a fresh process, from the packaged code."""

import subprocess
import sys

import pytest

from tests.package.conftest import FUNCTIONS, Package

pytestmark = pytest.mark.xdist_group("package")

_FIND = """
import importlib, sys
module, name = sys.argv[1].rsplit(".", 1)
assert callable(getattr(importlib.import_module(module), name))
print(*sorted({"cv2", "onnxruntime", "numpy"} & sys.modules.keys()))
"""


@pytest.mark.parametrize("function", sorted({*FUNCTIONS} - {"Authorise"}))
def test_handler_is_found_without_loading_what_only_seeing_needs(package: Package, function: str) -> None:
    """Importing costs every cold start of every function, and must need neither settings nor AWS."""
    command = [sys.executable, "-c", _FIND, package.functions[function]["Handler"]]
    environment = {"PYTHONPATH": str(package.code), "AWS_DEFAULT_REGION": "ap-southeast-1"}
    done = subprocess.run(command, cwd=package.code, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
