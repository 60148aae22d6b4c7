"""A city in which things happen by themselves, for whoever tries the console: no frames, no models, no waiting.

Incidents are made up, but opened, joined by nothing and ended by the very rules that open and end real ones. A seed
makes every run the same.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zlib import crc32

from chalicelib import bootstrap, bootstrap_evidence, bootstrap_law
from chalicelib.domain.authorisations import Authorisation
from chalicelib.domain.cameras import Heartbeat
from chalicelib.domain.city import Camera, CityPack
from chalicelib.domain.evidence import CameraPicture
from chalicelib.domain.watchlists import Entry, Portrait
from local.drawn_street import draw_face, draw_street, to_jpeg
from local.sample import ENTRY, opening
from local.sample_pictures import LISTED, show

FIRST = timedelta(seconds=20)
EVERY = timedelta(seconds=45)
BEAT_S = 60
MOST = 40
"""Then it is enough: a board that nobody tends must not grow for ever."""
PICTURED = 12
"""Cameras with a picture."""

OFTEN = {"congestion": 6, "garbage": 4, "flood": 3, "camera_fault": 3, "fire_smoke": 2, "watchlist_candidate": 1}

OFFICER, UNIT = "minh", "police-phuong-tan-lap-202507"
_PORTRAIT = Portrait("1.jpg", "drawn", embedder_digest="sample")
PURPOSE, BASIS = "Hồ sơ thử 1/2026", "thử trên máy này, không có căn cứ"


@dataclass(slots=True)
class LiveCity:
    """Call it every second: a sixtieth of the cameras beat, and every 45 seconds something happens."""

    pack: CityPack
    random: Random = field(default_factory=lambda: Random(1))  # noqa: S311 - nothing secret hangs on it
    next_utc: datetime | None = None
    happened: int = 0

    def __call__(self, at_utc: datetime) -> None:
        self._beat(at_utc)
        if self.next_utc is None:
            self.next_utc = at_utc + FIRST
            self._ask_for_faces(at_utc)
            self._show_streets(at_utc)
        if at_utc >= self.next_utc and self.happened < MOST:
            self.next_utc = at_utc + EVERY
            self.happened += 1
            self._happen(at_utc)

    def _beat(self, at_utc: datetime) -> None:
        """A few cameras stay silent, and one in forty sends the same picture all the time."""
        cameras = bootstrap.cameras()
        for number, camera in list(enumerate(self.pack.cameras))[at_utc.second :: BEAT_S]:
            if number % 23 != 22:
                still_s = 7200 if number % 40 == 39 else 0
                cameras.beat(Heartbeat(camera.id, at_utc, b"live", at_utc - timedelta(seconds=still_s)))

    def _happen(self, at_utc: datetime) -> None:
        kinds = [one.kind for one in self.pack.kinds]
        kind = self.random.choices(kinds, [OFTEN.get(one, 1) for one in kinds])[0]
        opened = opening(self.pack, kind, self._camera(kind), at_utc)
        bootstrap.incidents().commit(opened)
        show(bootstrap_evidence.evidence_vault(), opened.incident)

    def _show_streets(self, at_utc: datetime) -> None:
        """What some cameras see, for whoever draws their zones: no frame will come that could be shown instead."""
        vault = bootstrap_evidence.evidence_vault()
        for camera in self.pack.cameras[:PICTURED]:
            street = draw_street(None, seed=crc32(camera.id.encode()))
            vault.put_camera_picture(CameraPicture(camera.id, at_utc), to_jpeg(street.redacted()))

    def _camera(self, kind: str) -> Camera:
        """Any, but listed people are only seen by cameras that look for them."""
        fitting = [one for one in self.pack.cameras if kind != "watchlist_candidate" or self.pack.profile(one).faces]
        return self.random.choice(fitting or self.pack.cameras)

    def _ask_for_faces(self, at_utc: datetime) -> None:
        """One entry and one authorisation, for somebody else to decide on."""
        category, faces = self.pack.categories[0], [one for one in self.pack.cameras if self.pack.profile(one).faces]
        asked: dict[str, Any] = {
            "legal_basis": "thử trên máy này, không có căn cứ",
            "requesting_unit": UNIT,
            "requested_by": OFFICER,
        }
        entry = Entry(ENTRY, category.id, "HS-0001", "đi lạc ở chợ", requested_at_utc=at_utc,
                      hours=category.default_hours, under_18=False, portraits=(_PORTRAIT,), **asked)  # fmt: skip
        bootstrap_law.change_watchlist().request(entry, purpose=PURPOSE)
        bootstrap_law.biometrics().keep_review(ENTRY, _PORTRAIT.name, to_jpeg(draw_face(seed=LISTED)))
        authorisation = Authorisation(
            id="trial-authorisation",
            purpose=PURPOSE,
            camera_ids=tuple(one.id for one in faces[:3]),
            lists=(category.id,),
            valid_from_utc=at_utc,
            valid_until_utc=at_utc + timedelta(days=1),
            requested_at_utc=at_utc,
            **asked,
        )
        bootstrap_law.change_authorisations().request(authorisation)
