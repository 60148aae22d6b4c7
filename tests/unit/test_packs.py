"""A pack survives its travel as JSON, and a wrong one tells everything that is wrong with it, by place and value."""

import dataclasses
import json
import shutil
import subprocess
import sys
from datetime import date, time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chalicelib.domain.city import CityPack
from chalicelib.domain.city_check import check_pack
from chalicelib.errors import InvalidInput
from chalicelib.store.packs import pack_from_json, pack_to_json
from city.reading import compile_pack, read_pack
from ops.city import app

CITY = Path(__file__).parents[2] / "city"


def _category(option: str) -> str:
    return f"new-town\ncategories: [{{id: lost, name_vi: Lạc, name_en: Lost, {option}}}]"


EVALUATION = (
    "{report: EV-7, evaluated_by: lan, evaluated_at_utc: 2026-03-01T00:00:00Z, embedder_digest: d, cosine: 0.45,"
    " list_size: 200, strangers: 5000, false_candidates: 2}"
)


def _threshold(option: str) -> str:
    return f"new-town\nface_threshold: {{cosine: 0.5, approved_by: lan, {option}}}"


@pytest.fixture(scope="module")
def testville() -> CityPack:
    return read_pack(CITY / "testville")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of Testville to spoil."""
    return Path(shutil.copytree(CITY / "testville", tmp_path / "spoilt"))


def test_a_file_that_is_no_part_of_a_pack_is_warned_of(folder: Path) -> None:
    """Else a part whose name is misspelt would be missing and nobody would know."""
    assert compile_pack(folder).warnings == compile_pack(CITY / "testville").warnings
    (folder / "window.yaml").write_text("[]\n", encoding="utf-8")
    assert f"{folder / 'window.yaml'}: no part of a city pack, passed over" in compile_pack(folder).warnings


def test_a_pack_is_the_same_after_json(testville: CityPack) -> None:
    assert pack_from_json(pack_to_json(testville)) == testville


def test_a_pack_keeps_a_threshold_of_its_own_with_its_evaluation(folder: Path) -> None:
    with (folder / "city.yaml").open("a", encoding="utf-8") as written:
        written.write(f"face_threshold: {{cosine: 0.5, approved_by: minh, evaluation: {EVALUATION}}}\n")
    own = pack_from_json(pack_to_json(read_pack(folder))).face_threshold
    assert own is not None
    assert own.evaluation is not None
    assert (own.cosine, own.evaluation.report, own.evaluation.strangers) == (0.5, "EV-7", 5000)


def test_a_pack_keeps_dates_zones_and_letters(testville: CityPack) -> None:
    again = pack_from_json(pack_to_json(testville))
    assert again.area("old-town").valid_until == date(2025, 3, 1)
    assert again.profile(again.cameras[2]).road_zone_rel[0] == (0.2, 0.5)
    assert again.name_vi == "Thành phố Thử"


def test_a_cameras_own_zones_and_limits_take_the_place_of_its_profiles(testville: CityPack) -> None:
    quay = testville.camera("tv-5")
    assert quay is not None
    profile = testville.profile(quay)
    assert [zone.id for zone in profile.road_zones] == ["to-harbour", "to-town"]
    assert (profile.stopped_after_s, profile.crowd and profile.crowd.people) == (300, 12)
    plain = testville.profile(dataclasses.replace(quay, road_zones=(), stopped_after_s=0, crowd=None))
    assert (plain.road_zones, plain.stopped_after_s, plain.crowd) == ((), 0, None)


def test_the_version_is_what_was_declared_and_a_digest_of_the_content(folder: Path, testville: CityPack) -> None:
    (folder / "units.yaml").write_text((folder / "units.yaml").read_text() + "# a comment changes nothing\n")
    assert read_pack(folder).version == testville.version
    _spoil(folder, "cameras.yaml", "Lighthouse", "Beacon")
    declared, digest = read_pack(folder).version.split("+")
    assert declared == "1"
    assert digest != testville.version.split("+")[1]


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("cameras.yaml", "[old-town, new-town]", "[w-99]", "cameras.yaml:1: cameras[0].areas[0]: 'w-99' is no area"),
        (
            "cameras.yaml",
            "profile: lane",
            "profile: alley",
            "cameras.yaml:3: cameras[2].profile: 'alley' is no profile",
        ),
        ("cameras.yaml", "tv-2", "tv-1", "cameras.yaml:1: cameras: 'tv-1' is there 2 times"),
        ("cameras.yaml", "tv-2", "TV 2", "cameras.yaml:2: cameras[1].id: 'TV 2' can't stand in a frame's key"),
        ("cameras.yaml", "12.6801", "126.801", "cameras[0].latitude: (126.801, 108.0401) is no place on earth"),
        ("cameras.yaml", "12.6801", "north", "cameras[0].latitude: input should be a valid number, not 'north'"),
        ("cameras.yaml", ", profile: lane", "", "cameras.yaml:3: cameras[2].profile: field required"),
        ("cameras.yaml", "profile: lane", "porfile: lane", "cameras.yaml:3: cameras[2].porfile: no such key"),
        ("city.yaml", "name_en", "name_eng", "city.yaml:5: name_eng: no such key"),
        ("city.yaml", "Asia/Ho_Chi_Minh", "Asia/Saigong", "city.yaml:6: timezone: 'Asia/Saigong' is no time zone"),
        ("city.yaml", "new-town", "atlantis", "city.yaml:7: default_area: 'atlantis' is no area"),
        ("city.yaml", "new-town", "new-town\nface_budget: {faces_per_day: 0}", "face_budget.faces_per_day: 0.0 is not"),
        ("city.yaml", "new-town", "new-town\nface_budget: {faces: 9}", "face_budget.faces: no such key"),
        ("city.yaml", "new-town", _threshold(""), "city.yaml:8: face_threshold: a cosine of 0.5 has no evaluation"),
        ("city.yaml", "new-town", _threshold("by: me"), "city.yaml:8: face_threshold.by: no such key"),
        ("city.yaml", "new-town", _threshold(f"evaluation: {EVALUATION}"), "face_threshold: 'lan' both evaluated and"),
        ("city.yaml", "new-town", _threshold("evaluation: {a: 1}"), "face_threshold.evaluation.a: no such key"),
        ("city.yaml", "new-town", _category("confirmations: 0"), "categories[0].confirmations: 0 is neither 1 nor 2"),
        ("city.yaml", "new-town", _category("default_hours: 48"), "categories[0].default_hours: 48 is not in 1…most_"),
        ("city.yaml", "new-town", _category("hours: 48"), "city.yaml:8: categories[0].hours: no such key"),
        ("areas.yaml", "2025-03-01}\n- {id: h", "2025-02-01}\n- {id: h", "are both in force on 2025-02-01"),
        ("areas.yaml", "2025-03-01}\n- {id: h", "2025-04-01}\n- {id: h", "areas: no area in force on 2025-03-01"),
        (
            "areas.yaml",
            "Harbour, level: ward, valid_from: 2020",
            "Harbour, level: ward, valid_from: 2025",
            "2024-01-01",
        ),
        ("areas.yaml", 'code: "102"', "code: 102", "areas[2].code: input should be a valid string, not 102"),
        ("areas.yaml", "valid_until: 2025-03-01", "valid_until: 2019-03-01", "is not after valid_from 2020-01-01"),
        ("units.yaml", "areas: [harbour]", "areas: [port]", "units[6].areas[0]: 'port' is no area"),
        ("units.yaml", "role: ioc", "role: boss", "units: no unit has the role 'ioc'"),
        ("routes.yaml", "roles: [fire, ward_police]", "roles: [fire, army]", "routes[0].roles[1]: 'army' is no role"),
        (
            "cameras.yaml",
            "[0.5, 0.4], [0.5, 1.0]",
            "[1.5, 0.4], [0.5, 1.0]",
            "cameras[4].road_zones[0].polygon_rel[1]: (1.5",
        ),
        ("cameras.yaml", "id: to-town", "id: to-harbour", "cameras[4].road_zones: 'to-harbour' is there 2 times"),
        ("cameras.yaml", "people: 12", "people: 0", "cameras[4].crowd.people: 0 is below 1"),
        ("cameras.yaml", "stopped_after_s: 300", "stopped_after_s: -1", "cameras[4].stopped_after_s: -1.0 is below 0"),
        (
            "profiles.yaml",
            "id: lane,",
            "id: lane, crowd: {people: 9},",
            "profiles[1].crowd: needs a profile with vehicles",
        ),
        (
            "profiles.yaml",
            "id: lane,",
            "id: lane, stopped_after_s: 60,",
            "profiles[1].stopped_after_s: needs a profile w",
        ),
        ("routes.yaml", "kinds: [camera_fault]", "kinds: [noise]", "kinds[5].kind: no route for 'camera_fault'"),
        ("routes.yaml", "min_severity: severe", "min_severity: bad", "routes[2].min_severity: 'bad' is no severity"),
        (
            "kinds.yaml",
            "severity: moderate",
            "severity: high",
            "kinds.yaml:2: kinds[1].severity: 'high' is no severity",
        ),
        ("kinds.yaml", "hold_s: 1800", "hold_s: 0", "kinds[1].hold_s: 0.0 is not above 0"),
        ("kinds.yaml", "hold_s: 1800", "positives: 6", "kinds[1].positives: 6 is not in 1…of_frames (5)"),
        ("kinds.yaml", "hold_s: 1800", "apart_s: -1", "kinds[1].apart_s: -1.0 is below 0"),
        ("kinds.yaml", "hold_s: 1800", "apart_s: 451", "3 positives 451.0 s apart don't fit into window_s"),
        ("kinds.yaml", "hold_s: 1800", "threshold: 50", "kinds[1].threshold: 50.0 is not in [0,1]"),
        (
            "profiles.yaml",
            "[0.2, 0.5]",
            "[20, 50]",
            "profiles.yaml:2: profiles[1].road_zone_rel[0]: (20.0, 50.0) is not",
        ),
        (
            "profiles.yaml",
            "scenes: [fire_smoke, garbage]",
            "scenes: [noise]",
            "profiles[1].scenes[0]: 'noise' is no kind",
        ),
        ("profiles.yaml", "faces: true", "thresholds: {flod: 0.5}", "profiles[2].thresholds: 'flod' is no kind"),
        (
            "routes.yaml",
            "start: 22:00",
            "start: 25:00",
            "routes[6].hours.start: input should be in a valid time format",
        ),
        ("routes.yaml", "start: 22:00", "days: [sun, fun], start: 22:00", "routes[6].hours.days[1]: 'fun' is no day"),
        ("routes.yaml", "start: 22:00", "begin: 22:00, start: 22:00", "routes.yaml:7: routes[6].hours.begin: no such"),
        (
            "units.yaml",
            "protocol: sqs",
            "protocol: fax",
            "units[0].contacts[0].protocol: 'fax' is no protocol, only sqs",
        ),
        ("units.yaml", "arn:aws:sqs:", "arn:aws:sns:", "is no address for sqs"),
        ("units.yaml", "https://fire.", "http://fire.", "units[2].contacts[0].endpoint: 'http://fire."),
        (
            "units.yaml",
            "+84900000001",
            "0900000001",
            "units[6].contacts[0].endpoint: '0900000001' is no address for sms",
        ),
        ("kinds.yaml", "cameras: 3", "cameras: 0", "kinds.yaml:1: kinds[0].rises[0].cameras: 0 is below 1"),
        (
            "kinds.yaml",
            "severity: extreme",
            "severity: severe",
            "rises[0].severity: 'severe' is not above the kind's own",
        ),
        (
            "kinds.yaml",
            "severity: extreme, after_s: 1200",
            "severity: extreme",
            "rises[1]: without a condition it would",
        ),
        ("kinds.yaml", "extent: 0.5", "extent: 50", "kinds[2].rises[0].extent: 50.0 is not in [0,1]"),
        ("kinds.yaml", "id: call,", "id: look,", "kinds[0].checklist: 'look' is there 2 times"),
        ("kinds.yaml", "id: call,", "ident: call,", "kinds[0].checklist[1].ident: no such key"),
        ("kinds.yaml", "confirmations: 2", "confirmations: 3", "kinds[4].confirmations: 3 is neither 1 nor 2"),
        ("kinds.yaml", "review_s: 3600", "review_s: -1", "kinds[4].review_s: -1.0 is not above 0"),
        ("kinds.yaml", "join_radius_m: 400", "join_radius_m: -4", "kinds[0].join_radius_m: -4.0 is below 0"),
        ("kinds.yaml", "burst_count: 4", "burst_count: 1", "kinds[1].burst_count: 1 is below 2"),
        (
            "escalations.yaml",
            "after_s: 120",
            "after_s: 0",
            "escalations.yaml:1: escalations[0].steps[0].after_s: 0.0 is",
        ),
        ("escalations.yaml", "roles: [ioc]", "roles: [boss]", "escalations[0].steps[2].roles[0]: 'boss' is no role"),
        (
            "escalations.yaml",
            "kinds: [flood, ",
            "kinds: [fire_smoke, ",
            "'fire_smoke' from minor on is 'fire''s already",
        ),
        ("escalations.yaml", "repeats: 2", "repeats: -2", "escalations[0].repeats: -2 is below 0"),
        ("escalations.yaml", "id: fire-extreme", "id: fire", "escalations: 'fire' is there 2 times"),
        ("windows.yaml", "effect: suppress", "effect: mute", "windows.yaml:1: windows[0].effect: 'mute' is no effect"),
        ("windows.yaml", "2026-07-15T00:00:00+07:00", "2026-06-15T00:00:00+07:00", "windows[0].until_utc: 2026-06-15"),
        ("windows.yaml", "2026-07-15T00:00:00+07:00", "2026-07-15T00:00:00", "00:00:00 has no time zone"),
        ("windows.yaml", "cameras: [tv-6]", "cameras: [tv-9]", "windows[1].cameras[0]: 'tv-9' is no camera"),
        ("cameras.yaml", "kinds: [fire_smoke]", "kinds: [fire]", "cameras[5].masks[0].kinds[0]: 'fire' is no kind"),
        (
            "cameras.yaml",
            "[0.3, 0.4], ",
            "[0.3, 4], ",
            "cameras[5].masks[0].polygon_rel[2]: (0.3, 4.0) is not in [0,1]",
        ),
        (
            "cameras.yaml",
            "profile: lane",
            "schedules: [{kinds: [fire_smoke], hours: []}], profile: lane",
            "no hours, so",
        ),
        ("cameras.yaml", "12.6913, 108.0509", "108.0509, 12.6913", "cameras.yaml:5: cameras[4].ground: a point lies"),
        ("cameras.yaml", "[0.7, 0.5,", "[0.5, 0.9,", "cameras[4].ground: three of the points lie in one line"),
        ("cameras.yaml", "ground:", "image_to_ground:", "cameras.yaml:5: cameras[4].image_to_ground: no such key"),
        ("areas.yaml", 'code: "102"', 'rings_lonlat: [], code: "102"', "areas[2].rings_lonlat: no such key"),
        ("areas.geojson", '"harbour"', '"port"', "areas.geojson: features[2]: 'port' is no area"),
        ("areas.geojson", "FeatureCollection", "Collection", "areas.geojson:1: not a GeoJSON FeatureCollection"),
        ("areas.geojson", "[108.03, 12.67]]", "[108.03, 12.67]", "areas.geojson:4: not readable as JSON"),
    ],
)
def test_a_bad_pack_is_told_by_file_place_and_value(folder: Path, file: str, old: str, new: str, told: str) -> None:
    _spoil(folder, file, old, new)
    with pytest.raises(InvalidInput) as caught:
        read_pack(folder)
    assert told in str(caught.value)


def test_every_problem_is_told_and_not_only_the_first(folder: Path) -> None:
    _spoil(folder, "city.yaml", "Asia/Ho_Chi_Minh", "Mars/Base")
    _spoil(folder, "units.yaml", "areas: [harbour]", "areas: [port]")
    _spoil(folder, "cameras.yaml", "profile: lane", "profile: alley")
    with pytest.raises(InvalidInput) as caught:
        read_pack(folder)
    told = [line.rsplit(": ", 1)[1] for line in str(caught.value).splitlines()]
    assert told == ["'Mars/Base' is no time zone", "'port' is no area", "'alley' is no profile"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("- {kind: [\n", "kinds.yaml:", id="broken YAML is told by line"),
        pytest.param("kind: flood\n", "kinds: input should be a valid array", id="a mapping instead of a list"),
        pytest.param("", "kinds: input should be a valid array, not None", id="an empty file"),
        pytest.param(
            "- flood\n", "kinds.yaml:1: kinds[0]: input should be an object", id="a word instead of a mapping"
        ),
    ],
)
def test_a_file_of_the_wrong_shape_is_told(folder: Path, text: str, told: str) -> None:
    (folder / "kinds.yaml").write_text(text)
    with pytest.raises(InvalidInput) as caught:
        read_pack(folder)
    assert told in str(caught.value)


@pytest.mark.parametrize("file", ["escalations.yaml", "windows.yaml", "areas.geojson"])
def test_a_city_may_do_without(folder: Path, file: str) -> None:
    (folder / file).unlink()
    _spoil(folder, "cameras.yaml", "108.0516, profile", "108.0516, areas: [harbour], profile")
    assert read_pack(folder).id == "testville"


def test_without_a_map_a_camera_must_say_where_it_stands(folder: Path) -> None:
    (folder / "areas.geojson").unlink()
    with pytest.raises(InvalidInput, match=r"cameras\.yaml:6: cameras\[5\]\.areas: field required"):
        read_pack(folder)


def test_hours_are_read_as_they_are_written(testville: CityPack) -> None:
    """In YAML 1.1 the text 22:00 is the number 1320."""
    hours = next(one for one in testville.routes if one.id == "night-watch").hours
    assert hours is not None
    assert (hours.start, hours.until) == (time(22), time(5))


def test_a_missing_file_is_told_by_name(folder: Path) -> None:
    (folder / "routes.yaml").unlink()
    with pytest.raises(InvalidInput, match=r"routes\.yaml: no such file"):
        read_pack(folder)


def test_json_of_another_shape_is_refused(testville: CityPack) -> None:
    raw = json.loads(pack_to_json(testville))
    del raw["cameras"][1]["profile"]
    with pytest.raises(InvalidInput, match=r"cameras\[1\]\.profile: field required"):
        pack_from_json(json.dumps(raw).encode())
    with pytest.raises(InvalidInput, match="pack: invalid JSON"):
        pack_from_json(b"{")


def test_a_camera_without_any_area_is_told(testville: CityPack) -> None:
    adrift = dataclasses.replace(testville.cameras[0], areas=())
    pack = dataclasses.replace(testville, cameras=(adrift,), windows=())
    assert check_pack(pack) == ("cameras[0].areas: no area in force on 2024-01-01",)


def test_the_command_line_compiles_what_the_functions_read(testville: CityPack, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["compile", str(CITY / "testville"), str(tmp_path / "pack.json")])
    assert done.exit_code == 0
    assert pack_from_json((tmp_path / "pack.json").read_bytes()) == testville


def test_the_command_line_tells_a_bad_pack_and_fails(folder: Path) -> None:
    _spoil(folder, "cameras.yaml", "profile: lane", "profile: alley")
    done = CliRunner().invoke(app, ["validate", str(folder)])
    assert done.exit_code == 1
    assert done.stderr.strip().endswith("cameras.yaml:3: cameras[2].profile: 'alley' is no profile")


def test_the_command_line_counts_what_is_in_a_sound_pack() -> None:
    done = CliRunner().invoke(app, ["validate", str(CITY / "testville")])
    assert done.exit_code == 0
    assert "3 areas, 7 units, 9 routes, 8 kinds, 5 profiles, 6 cameras" in done.stdout
    assert done.stdout.endswith("no errors\n")
    assert done.stderr == ""


def test_the_command_line_warns_of_what_its_author_should_look_at(folder: Path) -> None:
    _spoil(folder, "cameras.yaml", "[harbour], profile: street", "[old-town, new-town], profile: street")
    done = CliRunner().invoke(app, ["validate", str(folder)])
    assert done.exit_code == 0
    assert "cameras.yaml:5: cameras[4].areas: 'old-town' is stated, but it stands in the boundary of 'harbour'" in (
        done.stderr
    )


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        pytest.param("--kind garbage --camera tv-6 --at 2026-03-01T16:00:00", "police-harbour", id="of a camera"),
        pytest.param("--kind garbage --area harbour --at 2026-03-01T05:00:00", "not on Sun 12:00", id="of an area"),
        pytest.param("--kind flood --area harbour --severity severe", "bad-flood", id="at a severity"),
        pytest.param(
            "--kind congestion --camera tv-5 --at 2026-07-02", "window quay-works, The quay is paved", id="in a window"
        ),
    ],
)
def test_the_command_line_explains_a_route(asked: str, told: str) -> None:
    done = CliRunner().invoke(app, ["explain", str(CITY / "testville"), *asked.split()])
    assert done.exit_code == 0
    assert told in done.stdout


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("--kind flod --area harbour", "'flod' is no kind, only camera_fault, congestion"),
        ("--kind flood --area port", "'port' is no area, only harbour"),
        ("--kind flood --camera tv-9", "'tv-9' is no camera of testville"),
        ("--kind flood --area harbour --severity bad", "'bad' is no severity, only extreme"),
        ("--kind flood", "say either --camera or --area"),
    ],
)
def test_a_question_that_can_not_be_answered_gets_a_line(asked: str, told: str) -> None:
    done = CliRunner().invoke(app, ["explain", str(CITY / "testville"), *asked.split()])
    assert done.exit_code == 2
    assert done.stderr.startswith(told)


def test_yaml_stays_out_of_the_functions() -> None:
    """Functions read the compiled pack: YAML is slow to read and not theirs to check."""
    code = "import sys, chalicelib.store.packs; sys.exit('yaml' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=CITY.parent)


def _spoil(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
