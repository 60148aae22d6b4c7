"""Several frames in one object, as S3's price of a request is about that of looking at a frame.

A plain ustar archive, so that any tool opens it; chalicelib/domain/frame_bundles.py reads it back.
"""

import tarfile
from collections.abc import Sequence
from io import BytesIO

MEMBER_OVERHEAD_BYTES = 1024
"""What a bundle adds to a frame, at most: its header and the rest of its last block."""

END_BYTES = tarfile.RECORDSIZE
"""What it adds at its end, at most."""


def make_bundle(frames: Sequence[tuple[str, bytes]]) -> bytes:
    """An archive of named JPEGs, in this order and always the same bytes."""
    archive = BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, jpeg in frames:
            member = tarfile.TarInfo(name)
            member.size = len(jpeg)
            tar.addfile(member, BytesIO(jpeg))
    return archive.getvalue()
