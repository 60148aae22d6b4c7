"""How frames may arrive, which is half of what they cost: one by one, in batches of messages, in objects of several."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.frames import frame_key
from edge.matpho_edge.bundles import make_bundle
from local.city import City

SPACING = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Way:
    """So many frames in an object, so many objects in an invocation."""

    name: str
    frames_an_object: int
    objects_an_invocation: int

    @property
    def frames_an_invocation(self) -> int:
        return self.frames_an_object * self.objects_an_invocation

    def runs(self, at_least: int) -> int:
        """How many frames to run, so that every invocation is a full one."""
        return -(-at_least // self.frames_an_invocation) * self.frames_an_invocation


ALONE = Way("each alone", 1, 1)
BATCHES = Way("in batches", 1, 10)
BUNDLES = Way("in bundles", 6, 3)
WAYS = (ALONE, BATCHES, BUNDLES)
"""The dearest; what 110 frames a second make of app.py's window of a second; what edge.example.yaml makes of them."""


def feed(
    city: City, camera_id: str, pictures: Sequence[bytes], *, way: Way = ALONE, apart: timedelta = SPACING
) -> None:
    """Put a camera's pictures into a city, an invocation at a time."""
    for first in range(0, len(pictures), way.frames_an_invocation):
        invocation = pictures[first : first + way.frames_an_invocation]
        frames = [(city.clock() + apart * number, one) for number, one in enumerate(invocation, start=1)]
        for begin in range(0, len(frames), way.frames_an_object):
            _put(city, camera_id, frames[begin : begin + way.frames_an_object], bundled=way.frames_an_object > 1)
        city.settle(frames[-1][0])


def _put(city: City, camera_id: str, frames: Sequence[tuple[datetime, bytes]], *, bundled: bool) -> None:
    named = [(frame_key(camera_id, at_utc, number), picture) for number, (at_utc, picture) in enumerate(frames)]
    if not bundled:
        for key, picture in named:
            city.put(key, picture)
        return
    bundle = make_bundle([(key.rpartition("/")[2], picture) for key, picture in named])
    city.put(named[0][0].removesuffix(".jpg") + ".tar", bundle)
