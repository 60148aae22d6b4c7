"""The API as people call it, over stores in memory, with real tokens of an issuer made for the test."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from chalice.test import Client, HTTPResponse

import app
from chalicelib.domain.authorisations import Authorisation
from chalicelib.domain.city import CityPack
from chalicelib.domain.retention import Hold
from chalicelib.domain.subject_requests import SubjectRequest
from chalicelib.domain.watchlists import Entry
from chalicelib.store.evidence_fakes import FakeEvidenceVault, FakePictureRequests
from chalicelib.store.fakes import FakeCameraStore, FakeIncidentStore, FakePackVersions
from chalicelib.store.law_fakes import FakeAuditLog, FakeDeedStore, FakeHeldFrames, FakeMandateBoard
from local.issuer import Issuer

JSON = "application/json"


@dataclass
class Caller:
    """Calls as whoever holds the grants that `by` names; the time stands at `now`."""

    pack: CityPack
    now: datetime
    issuer: Issuer
    cameras: FakeCameraStore = field(default_factory=FakeCameraStore)
    entries: FakeDeedStore[Entry] = field(default_factory=FakeDeedStore)
    authorisations: FakeDeedStore[Authorisation] = field(default_factory=FakeDeedStore)
    holds: FakeDeedStore[Hold] = field(default_factory=FakeDeedStore)
    held: FakeHeldFrames = field(default_factory=FakeHeldFrames)
    subjects: FakeDeedStore[SubjectRequest] = field(default_factory=FakeDeedStore)
    audit: FakeAuditLog = field(default_factory=FakeAuditLog)
    mandates: FakeMandateBoard = field(default_factory=FakeMandateBoard)
    vault: FakeEvidenceVault = field(default_factory=FakeEvidenceVault)
    requests: FakePictureRequests = field(default_factory=FakePictureRequests)
    token: str = ""

    def __post_init__(self) -> None:
        self.incidents = FakeIncidentStore(self.cameras)
        self.versions = FakePackVersions([self.pack])
        self.http = Client(app.app).http

    def by(
        self, *grants: str, subject: str = "somebody", units: tuple[str, ...] = (), cameras: tuple[str, ...] = ()
    ) -> "Caller":
        """This caller as somebody else."""
        self.token = self.issuer.token(subject, grants=grants, units=units, cameras=cameras)
        return self

    def get(self, path: str, query: Mapping[str, Any] | None = None, **headers: str) -> HTTPResponse:
        address = f"{path}?{urlencode(query, doseq=True)}" if query else path
        return self.http.get(address, headers=self._headers(headers))

    def post(self, path: str, body: Mapping[str, Any], **headers: str) -> HTTPResponse:
        said = self._headers({"Content_Type": JSON, **headers})
        return self.http.post(path, body=json.dumps(body).encode(), headers=said)

    def put(self, path: str, body: Mapping[str, Any], **headers: str) -> HTTPResponse:
        said = self._headers({"Content_Type": JSON, **headers})
        return self.http.put(path, body=json.dumps(body).encode(), headers=said)

    def _headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        bearer = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return {**bearer, **{name.replace("_", "-"): value for name, value in headers.items()}}
