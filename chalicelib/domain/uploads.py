"""Leave for a gateway to put frames of one camera, and nothing else, into the bucket."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class UploadGrant:
    """A form to POST with the frame as its last part: `fields` first, `key` any that begins with `prefix`."""

    url: str
    fields: Mapping[str, str]
    prefix: str
    expires_at_utc: datetime
