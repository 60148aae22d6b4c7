"""Reads from a library what it asks of a machine, so that arm64 is checked on a machine that cannot run it."""

import re
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

_MACHINES = {62: "x86_64", 183: "aarch64"}
_VERSION = re.compile(rb"\0(GLIBC|GLIBCXX)_(\d+(?:\.\d+)+)(?=\0)")


def complaints(folder: Path, machine: str, newest_symbols: Mapping[str, str]) -> Iterator[str]:
    """Name each library below that is for another machine, or wants newer symbols than there are."""
    for path in sorted(folder.rglob("*.so*")):
        content = path.read_bytes()
        if (made_for := _machine(content)) != machine:
            yield f"{path.name} is for {made_for!r}, not {machine!r}"
        for prefix, version in _wanted_symbols(content):
            if _numbers(version) > _numbers(newest_symbols[prefix]):
                yield f"{path.name} needs {prefix}_{version}, newest there is {newest_symbols[prefix]}"


def _machine(content: bytes) -> str:
    (number,) = struct.unpack_from("<H", content, 18)
    return _MACHINES.get(number, str(number))


def _wanted_symbols(content: bytes) -> set[tuple[str, str]]:
    """Versions of symbols stand as plain text in the table of names."""
    return {(prefix.decode(), version.decode()) for prefix, version in _VERSION.findall(content)}


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))
