"""Leave to upload: what a gateway asks for, a camera at a time, every quarter of an hour."""

from datetime import timedelta

from pydantic import BaseModel, Field

from chalicelib import bootstrap
from chalicelib.api import scopes
from chalicelib.api.endpoints import Call, Routes, Strict
from chalicelib.api.fields import CameraId, Instant
from chalicelib.domain.permissions import Permission, Scope
from chalicelib.domain.uploads import UploadGrant

LIVES = timedelta(minutes=15)

routes = Routes("gateways")


class GrantWish(Strict):
    camera_id: CameraId


class GrantView(BaseModel):
    """A form to POST as multipart/form-data: `fields`, a `key` that begins with `prefix`, the file last."""

    url: str
    fields: dict[str, str]
    prefix: str
    expires_at: Instant = Field(description="Uploads must have begun by then.")

    @classmethod
    def of(cls, grant: UploadGrant) -> "GrantView":
        return cls(url=grant.url, fields=dict(grant.fields), prefix=grant.prefix, expires_at=grant.expires_at_utc)


@routes.post("/grants", needs=Permission.FRAME_GRANT, status=201)
def grant_upload(call: Call, body: GrantWish) -> GrantView:
    """Leave to upload frames of one of your cameras for a quarter of an hour.

    The key says when a frame was taken: `frames/{camera}/{yyyy}/{mm}/{dd}/{HHMMSSmmm}Z-{seq}.jpg`, in UTC.
    """
    pack = bootstrap.city_packs().current()
    scope = scopes.of_camera(pack, pack.camera(body.camera_id), bootstrap.clock())
    call.require(Scope(scope.areas, camera=body.camera_id), what=f"camera {body.camera_id!r} of yours")
    return GrantView.of(bootstrap.uploads().grant(body.camera_id, lives=LIVES))
