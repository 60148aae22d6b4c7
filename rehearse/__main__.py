"""`make rehearse`: deploy the packaged template here, put photographs in, break things, update, go back, delete.

The last line printed is a JSON of sizes and timings; anything that is not as it must be ends it with code 1.
"""

import json
import shutil
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from chalicelib.domain.city import CityPack
from chalicelib.errors import MatphoError
from city.reading import read_pack
from infra.package import DIST, TEMPLATE, PackagingFailed, sizes
from infra.template import read_template
from local.replay import CITY
from rehearse.deployed import open_city
from rehearse.emulator import running_emulator
from rehearse.evidence import held_back, keep_pictures
from rehearse.faults import kill_a_worker, redrive_poison
from rehearse.flow import analyse_warm, ask_health, show_photographs, start_cold
from rehearse.frames import Show, build_shows, with_twins
from rehearse.identity import knock, sign_in, work_on_incidents
from rehearse.releases import delete_all, update_and_roll_back
from rehearse.stack import deploy, make_artifacts_bucket, publish
from rehearse.waiting import RehearsalFailed, require

console = Console(stderr=True)

TWINS = 2
"""Other cameras that see each event, too."""


def main(*, stage: Annotated[str, typer.Option(help="the stage that was packaged")] = "dev") -> None:
    """Rehearse a packaged stage on a local cloud."""
    began = time.monotonic()
    try:
        report = rehearse(stage, DIST / stage, DIST / "rehearsal")
    except (RehearsalFailed, PackagingFailed, MatphoError, BotoCoreError, ClientError, FileNotFoundError) as error:
        console.print(f"rehearsal: {error}", style="red", highlight=False)
        print(json.dumps({"ok": False, "error": str(error)}))
        raise typer.Exit(1) from error
    print(json.dumps({"ok": True, "seconds": round(time.monotonic() - began), **report}))


def rehearse(stage: str, packaged: Path, work: Path) -> dict[str, Any]:
    """All of it; returns sizes and timings, raises RehearsalFailed at the first thing that is off."""
    _check_python(packaged)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    report: dict[str, Any] = {"sizes": sizes(packaged)}

    def step(name: str, does: Callable[[], Any]) -> None:
        console.print(f"{name} …", highlight=False)
        report[name] = does()

    stack, pack = f"matpho-{stage}", read_pack(CITY)
    shows, spare_fire = _shows(pack, work)
    ordinary = next(show for show in shows if show.expects is None)
    with running_emulator(work, models_dir=_unpacked_models(packaged, work)) as emulator:
        make_artifacts_bucket()
        first = publish(packaged, "first")
        step("create", lambda: {"create_s": deploy(stack, first, kind="CREATE", becomes="CREATE_COMPLETE")})
        deployed = open_city(stack, pack, emulator)
        step("health", lambda: ask_health(deployed))
        step("knock", lambda: knock(deployed))
        step("sign_in", lambda: sign_in(deployed))
        step("cold_s", lambda: start_cold(deployed))
        step("warm_s", lambda: analyse_warm(deployed, ordinary))
        with held_back(deployed, "KeepEvidence"):
            step("put_to_alert", lambda: show_photographs(deployed, shows))
        step("evidence", lambda: keep_pictures(deployed))
        step("incidents", lambda: work_on_incidents(deployed))
        step("killed_worker", lambda: kill_a_worker(deployed, spare_fire))
        step("poison", lambda: redrive_poison(deployed, ordinary))
        step("releases", lambda: update_and_roll_back(deployed, first, packaged, work, ordinary))
        step("delete", lambda: delete_all(deployed))
    return report


def _check_python(packaged: Path) -> None:
    """The emulator runs functions with its own interpreter, for which the layers must have been built."""
    runtime = read_template(packaged / TEMPLATE)["Resources"]["AnalyseFrames"]["Properties"]["Runtime"]
    ours = "python{}.{}".format(*sys.version_info)
    require(ours == runtime, f"functions run on {runtime}, and this is {ours}: make .venv with that version")


def _unpacked_models(packaged: Path, work: Path) -> Path:
    """The models' layer as Lambda would show it in /opt."""
    layer = read_template(packaged / TEMPLATE)["Resources"]["ModelsLayer"]["Properties"]["ContentUri"]
    with zipfile.ZipFile(packaged / layer) as zipped:
        zipped.extractall(work / "opt")
    return work / "opt" / "models"


def _shows(pack: CityPack, work: Path) -> tuple[list[Show], Show]:
    """What the cameras see, so often that timings mean something, and a fire that is kept for later."""
    shows = build_shows(work / "frames")
    fires = with_twins([show for show in shows if show.expects == "fire_smoke"], pack, twins=20)
    shown = with_twins(shows, pack, twins=TWINS)
    used = {show.camera_id for show in shown}
    return shown, next(fire for fire in fires if fire.camera_id not in used)


if __name__ == "__main__":
    typer.run(main)
