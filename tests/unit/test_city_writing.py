"""What was set in the console comes back into cameras.yaml: those entries change, and no other character."""

from dataclasses import replace
from datetime import time
from pathlib import Path

import yaml

from chalicelib.domain.camera_view import differing_views
from chalicelib.domain.city import CityPack, CrowdLimit, Hours, Mask, RoadZone, Schedule
from city.reading import read_pack
from city.writing import with_views

TESTVILLE = Path(__file__).parents[2] / "city" / "testville"
PACK = read_pack(TESTVILLE)
MASK = Mask(((0.0, 0.0), (0.5, 0.0), (0.5, 0.5)), ("flood",))
NIGHT = Schedule(("flood",), (Hours(time(22), time(6), ("mon",)),))


def edited(pack: CityPack, camera_id: str) -> CityPack:
    cameras = tuple(
        replace(one, masks=(MASK,), schedules=(NIGHT,)) if one.id == camera_id else one for one in pack.cameras
    )
    return replace(pack, cameras=cameras)


def test_cameras_that_were_set_anew_and_no_others_differ() -> None:
    assert differing_views(PACK, edited(PACK, "tv-2")) == ("tv-2",)
    assert differing_views(PACK, PACK) == ()


def test_folder_says_what_is_in_force_and_every_other_line_is_as_it_was(tmp_path: Path) -> None:
    text = (TESTVILLE / "cameras.yaml").read_text(encoding="utf-8")
    changed = edited(PACK, "tv-6")
    written = with_views(text, [changed.camera("tv-6")])
    lines, before = written.splitlines(), text.splitlines()
    assert [n for n, line in enumerate(lines) if line != before[n]] == [5]
    assert lines[5].endswith("# the lamp is no fire")
    for file in TESTVILLE.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "cameras.yaml").write_text(written, encoding="utf-8")
    assert differing_views(read_pack(tmp_path), changed) == ()


def test_what_is_not_set_any_more_is_taken_out() -> None:
    text = (TESTVILLE / "cameras.yaml").read_text(encoding="utf-8")
    camera = PACK.camera("tv-6")
    assert camera is not None
    assert "masks" not in yaml.safe_load(with_views(text, [replace(camera, masks=())]))[5]


def test_zones_and_limits_of_the_street_come_back_and_so_do_no_seconds(tmp_path: Path) -> None:
    """A camera that is spared what its profile looks for says so with a 0."""
    quay = PACK.camera("tv-5")
    assert quay is not None
    lane, limit = RoadZone("lane", MASK.polygon_rel), CrowdLimit(30, MASK.polygon_rel)
    changed = replace(quay, road_zones=(lane,), stopped_after_s=0, crowd=limit)
    for file in TESTVILLE.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    cameras = tmp_path / "cameras.yaml"
    cameras.write_text(with_views(cameras.read_text(encoding="utf-8"), [changed]), encoding="utf-8")
    assert read_pack(tmp_path).camera("tv-5") == changed


def test_entry_over_several_lines_with_vietnamese_names_becomes_one_line() -> None:
    text = "# cổng\n- id: tv-2\n  name: Chợ Lớn\n  profile: street\n\n# sau\n- {id: tv-3, name: Ngõ, profile: lane}\n"
    camera = PACK.camera("tv-2")
    assert camera is not None
    assert with_views(text, [replace(camera, profile="lane")]) == (
        "# cổng\n- {id: tv-2, name: Chợ Lớn, profile: lane}\n\n# sau\n- {id: tv-3, name: Ngõ, profile: lane}\n"
    )
