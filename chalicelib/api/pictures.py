"""A camera's newest picture, redacted, for whoever draws its zones and masks."""

from datetime import datetime, timedelta

from pydantic import BaseModel, Field

from chalicelib import bootstrap, bootstrap_evidence
from chalicelib.api.cameras import require_camera
from chalicelib.api.deeds import Purpose
from chalicelib.api.endpoints import Call, Routes, Strict
from chalicelib.api.evidence import ImageView
from chalicelib.api.fields import CameraId, Instant
from chalicelib.domain.audit import Act
from chalicelib.domain.evidence import CameraPicture, Missing
from chalicelib.domain.permissions import Permission

WAITED_FOR = timedelta(minutes=5)
"""After that a request that brought nothing is given up: the camera sent no frame."""

PURPOSE = "drawing what the camera looks at"

routes = Routes("cameras")


class PictureView(BaseModel):
    """The newest picture that somebody asked for; no face can be known in it."""

    image: ImageView | None
    captured_at_utc: Instant | None
    missing: Missing | None = Field(description="`pending`: asked for, and not here yet; `none`: nobody asked lately.")


class PictureWish(Strict):
    purpose: Purpose


@routes.get("/cameras/{camera_id}/picture", needs=Permission.CAMERA_EDIT)
def read_camera_picture(call: Call, camera_id: CameraId) -> PictureView:
    """A camera's newest picture that was asked for within three days. Each look is in the audit."""
    now = bootstrap.clock()
    require_camera(call, bootstrap.city_packs().current(), camera_id, now)
    picture = bootstrap_evidence.evidence_vault().camera_picture(camera_id)
    if picture is not None:
        _record(call, camera_id, "camera_picture_viewed", PURPOSE, now)
    return _view(camera_id, picture, now)


@routes.post("/cameras/{camera_id}/picture", needs=Permission.CAMERA_EDIT, status=202)
def ask_for_camera_picture(call: Call, camera_id: CameraId, body: PictureWish) -> PictureView:
    """Ask for a fresh one: within seconds the camera's last frame takes the place of the picture that is there."""
    now = bootstrap.clock()
    require_camera(call, bootstrap.city_packs().current(), camera_id, now)
    _record(call, camera_id, "camera_picture_asked_for", body.purpose, now)
    bootstrap_evidence.picture_requests().ask(camera_id, now)
    return _view(camera_id, bootstrap_evidence.evidence_vault().camera_picture(camera_id), now)


def _view(camera_id: str, picture: CameraPicture | None, now: datetime) -> PictureView:
    if picture is None:
        return PictureView(image=None, captured_at_utc=None, missing=_missing(camera_id, now))
    image = ImageView.of(bootstrap_evidence.picture_desk().of_camera(camera_id))
    return PictureView(image=image, captured_at_utc=picture.captured_at_utc, missing=None)


def _missing(camera_id: str, now: datetime) -> Missing:
    asked = bootstrap_evidence.picture_requests().asked_utc(camera_id)
    return Missing.PENDING if asked is not None and now - asked < WAITED_FOR else Missing.NONE


def _record(call: Call, camera_id: str, action: str, purpose: str, now: datetime) -> None:
    bootstrap.record_act(Act(call.actor.subject, purpose, action, f"camera/{camera_id}", now))
