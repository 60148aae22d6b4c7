"""A proposed pack is held against recorded frames: what opens, is lost or goes elsewhere, and who hears more."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from chalicelib.domain.city import CameraProfile, CityPack, Mask
from chalicelib.domain.frames import FrameRef
from chalicelib.domain.judgement import Judgement, Outcome, Pair, compare
from chalicelib.domain.observations import Observation
from chalicelib.vision.observe import FaceSearch
from city.reading import read_pack
from local.pictures import read_folder
from ops import dryrun
from ops.dryrun import to_dict
from ops.dryrun_look import DryRun, dry_run
from tests.unit.chain import START, TESTVILLE, ScriptedAnalyser
from tests.unit.happenings import opened

TODAY = read_pack(TESTVILLE)


@dataclass
class CountingAnalyser(ScriptedAnalyser):
    """Remembers with what it looked."""

    looks: list[CameraProfile] = field(default_factory=list)

    def observe(
        self,
        frame: FrameRef,
        data: bytes,
        *,
        profile: CameraProfile,
        previous_fingerprint: bytes | None,
        search: FaceSearch | None,
    ) -> Observation:
        self.looks.append(profile)
        return super().observe(frame, data, profile=profile, previous_fingerprint=previous_fingerprint, search=search)


@pytest.fixture
def shown(tmp_path: Path) -> Callable[..., Path]:
    def show(camera_id: str, *scripts: str) -> Path:
        (tmp_path / camera_id).mkdir()
        for number, script in enumerate(scripts):
            (tmp_path / camera_id / f"{number}.jpg").write_text(script)
        return tmp_path

    return show


def run(folder: Path, proposed: CityPack, analyser: ScriptedAnalyser | None = None) -> DryRun:
    pictures = read_folder(folder).pictures
    return dry_run(pictures, TODAY, proposed, analyser or ScriptedAnalyser(), start_utc=START, spacing_s=5)


def with_flood(**changes: object) -> CityPack:
    kinds = (replace(one, **changes) if one.kind == "flood" else one for one in TODAY.kinds)  # type: ignore[arg-type]
    return replace(TODAY, kinds=tuple(kinds))


def without_route(route_id: str) -> CityPack:
    return replace(TODAY, routes=tuple(one for one in TODAY.routes if one.id != route_id))


SERVICES_NO_MORE = {"services": -1, "unrouted": 1}


@pytest.mark.parametrize(
    ("proposed", "outcome", "alerts"),
    [
        pytest.param(TODAY, Outcome.SAME, {}, id="the same pack changes nothing"),
        pytest.param(with_flood(positives=5), Outcome.LOST, {"ioc": -1, "services": -1}, id="a stricter rule loses it"),
        pytest.param(
            without_route("road-trouble"), Outcome.REROUTED, SERVICES_NO_MORE, id="a route fewer re-routes it"
        ),
        pytest.param(with_flood(severity="severe"), Outcome.REROUTED, {"police-new-town": 1}, id="worse calls police"),
        pytest.param(with_flood(severity="minor"), Outcome.REGRADED, {}, id="milder reaches the same"),
    ],
)
def test_a_flood_under_a_proposal(
    shown: Callable[..., Path], proposed: CityPack, outcome: Outcome, alerts: dict[str, int]
) -> None:
    told = to_dict(run(shown("tv-1", "flood", "flood", "flood", ""), proposed))
    assert told["outcomes"][outcome.value] == 1
    assert sum(told["outcomes"].values()) == 1
    assert {unit: one["more"] for unit, one in told["alerts"].items() if one["more"]} == alerts


def test_a_looser_rule_opens_what_today_passes_over(shown: Callable[..., Path]) -> None:
    told = to_dict(run(shown("tv-1", "flood", "flood", ""), with_flood(positives=2)))
    (change,) = told["changes"]
    assert (change["outcome"], change["today"], change["proposed"]["severity"]) == ("opened", None, "moderate")


def test_a_camera_that_the_proposal_drops_loses_its_incidents(shown: Callable[..., Path]) -> None:
    proposed = replace(TODAY, cameras=TODAY.cameras[1:])
    assert to_dict(run(shown("tv-1", "flood", "flood", "flood"), proposed))["outcomes"]["lost"] == 1


def test_a_camera_that_neither_knows_is_judged_by_both(shown: Callable[..., Path]) -> None:
    told = to_dict(run(shown("parade", "flood", "flood", "flood"), TODAY))
    assert told["incidents"] == {"today": 1, "proposed": 1}


def test_a_kind_that_only_the_proposal_looks_for_is_not_found_today(shown: Callable[..., Path]) -> None:
    """Lanes aren't watched for floods; both judge the same look."""
    lanes = (replace(one, scenes=(*one.scenes, "flood")) if one.id == "lane" else one for one in TODAY.profiles)
    analyser = CountingAnalyser()
    told = to_dict(run(shown("tv-3", "flood", "flood", "flood"), replace(TODAY, profiles=tuple(lanes)), analyser))
    assert told["outcomes"]["opened"] == 1
    assert [look.scenes for look in analyser.looks] == [("fire_smoke", "garbage", "flood")] * 3


def test_frames_are_looked_at_anew_where_the_proposal_hides_other_parts(shown: Callable[..., Path]) -> None:
    mask = Mask(((0.0, 0.0), (1.0, 0.0), (1.0, 0.2)))
    cameras = (replace(one, masks=(mask,)) if one.id == "tv-1" else one for one in TODAY.cameras)
    analyser = CountingAnalyser()
    run(shown("tv-1", "flood"), replace(TODAY, cameras=tuple(cameras)), analyser)
    assert [look.masks for look in analyser.looks] == [(), (mask,)]


def test_frames_that_lie_as_in_the_bucket_keep_their_times(tmp_path: Path) -> None:
    day = tmp_path / "tv-1" / "2025" / "11" / "02"
    day.mkdir(parents=True)
    for second in (10, 20, 30):
        (day / f"0700{second}000Z-{second}.jpg").write_text("flood")
    (incident,) = run(tmp_path, TODAY).today.incidents
    assert f"{incident.first_seen_utc:%Y-%m-%d %H:%M:%S}" == "2025-11-02 07:00:10"


def test_incidents_are_paired_by_kind_camera_and_time_where_ids_differ() -> None:
    """Another rule confirms on another frame, which gives another id."""
    one, later, elsewhere = (opened(camera_id=name).incident for name in ("cam-1", "cam-1", "cam-2"))
    other = replace(later, id="another")
    pairs = compare(Judgement((one,), ()), Judgement((elsewhere, other), ()))
    assert len(pairs) == 2
    assert Pair(one, other) in pairs
    assert Pair(None, elsewhere) in pairs


def invoke(*arguments: object) -> Result:
    app = typer.Typer()
    app.command()(dryrun.main)
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_the_command_prints_tables_for_people_and_a_last_line_for_programs(
    shown: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dryrun, "load_analyser", lambda _: ScriptedAnalyser())
    frames = shown("tv-1", "flood", "flood", "flood")
    done = invoke("--frames", frames, "--pack", TESTVILLE, "--today", TESTVILLE)
    assert done.exit_code == 0
    assert "Alerts for each unit" in done.stdout
    told = json.loads(done.stdout.splitlines()[-1])
    assert (told["frames"], told["incidents"]) == ({"looked at": 3}, {"today": 1, "proposed": 1})
    assert (told["today"], told["proposed"]) == (TODAY.version, TODAY.version)


def test_a_wrong_input_is_one_line(tmp_path: Path) -> None:
    done = invoke("--frames", tmp_path / "none", "--pack", TESTVILLE, "--today", TESTVILLE)
    assert (done.exit_code, done.stderr) == (2, f"no such folder: '{tmp_path}/none'\n")
    (tmp_path / "1.jpg").write_text("flood")
    done = invoke("--frames", tmp_path, "--pack", tmp_path, "--today", TESTVILLE)
    assert (done.exit_code, done.stderr) == (2, f"{tmp_path}/city.yaml: no such file\n")
