"""A pack survives its travel as JSON, and a wrong one tells everything that is wrong with it, by place and value."""

import dataclasses
import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chalicelib.domain.city import CityPack
from chalicelib.domain.city_check import check_pack
from chalicelib.errors import InvalidInput
from chalicelib.store.packs import pack_from_json, pack_to_json
from city.__main__ import app
from city.reading import read_pack

CITY = Path(__file__).parents[2] / "city"


@pytest.fixture(scope="module")
def testville() -> CityPack:
    return read_pack(CITY / "testville")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of Testville to spoil."""
    return Path(shutil.copytree(CITY / "testville", tmp_path / "spoilt"))


def test_a_pack_is_the_same_after_json(testville: CityPack) -> None:
    assert pack_from_json(pack_to_json(testville)) == testville


def test_a_pack_keeps_dates_zones_and_letters(testville: CityPack) -> None:
    again = pack_from_json(pack_to_json(testville))
    assert again.area("old-town").valid_until == date(2025, 3, 1)
    assert again.profile(again.cameras[2]).road_zone_rel[0] == (0.2, 0.5)
    assert again.name_vi == "Thành phố Thử"


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
        ("routes.yaml", "kinds: [garbage]", "kinds: [noise]", "kinds[3].kind: no route for 'garbage'"),
        ("routes.yaml", "min_severity: severe", "min_severity: bad", "routes[2].min_severity: 'bad' is no severity"),
        (
            "kinds.yaml",
            "severity: moderate",
            "severity: high",
            "kinds.yaml:2: kinds[1].severity: 'high' is no severity",
        ),
        ("kinds.yaml", "hold_s: 1800", "hold_s: 0", "kinds[1].hold_s: 0.0 is not above 0"),
        ("kinds.yaml", "hold_s: 1800", "positives: 6", "kinds[1].positives: 6 is not in 1…of_frames (5)"),
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
    pack = dataclasses.replace(testville, cameras=(adrift,))
    assert check_pack(pack) == ("cameras[0].areas: no area in force on 2024-01-01",)


def test_the_command_line_compiles_what_the_functions_read(testville: CityPack, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["compile", str(CITY / "testville"), str(tmp_path / "pack.json")])
    assert done.exit_code == 0
    assert pack_from_json((tmp_path / "pack.json").read_bytes()) == testville


def test_the_command_line_tells_a_bad_pack_and_fails(folder: Path) -> None:
    _spoil(folder, "cameras.yaml", "profile: lane", "profile: alley")
    done = CliRunner().invoke(app, ["check", str(folder)])
    assert done.exit_code == 1
    assert done.stderr.strip().endswith("cameras.yaml:3: cameras[2].profile: 'alley' is no profile")


def test_yaml_stays_out_of_the_functions() -> None:
    """Functions read the compiled pack: YAML is slow to read and not theirs to check."""
    code = "import sys, chalicelib.store.packs; sys.exit('yaml' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=CITY.parent)


def _spoil(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
