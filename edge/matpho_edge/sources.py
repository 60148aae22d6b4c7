"""Where pictures come from: one shape for streams, snapshots, recordings and folders.

Each source gives about as many pictures as its camera's cadence looks at, and no more.
"""

from collections.abc import Generator
from typing import Protocol

from .clock import Now
from .config import Camera, FolderSource, RtspSource, SnapshotSource, VideoSource
from .folders import Folder
from .frames import Picture
from .snapshots import Snapshots
from .streams import Recording, Stream
from .waiting import Wait


class Source(Protocol):
    """A camera, live or recorded."""

    def pictures(self) -> Generator[Picture]:
        """Pictures as they come; ends with a recording, raises SourceFailed when a camera gives none."""


def make_source(camera: Camera, now: Now, wait: Wait) -> Source:
    """The source that a camera's configuration names; nothing is opened yet."""
    every_s = camera.cadence.look_every_s
    match camera.source:
        case RtspSource() as stream:
            return Stream(stream, every_s, now)
        case SnapshotSource() as snapshot:
            return Snapshots(snapshot, every_s, now, wait)
        case VideoSource() as video:
            return Recording(video, every_s, wait)
        case FolderSource() as folder:
            return Folder(folder, every_s, wait)
