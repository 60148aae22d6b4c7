"""A new version, one that can't be deployed, the way back, and the end."""

import shutil
import zipfile
from pathlib import Path

import boto3

from infra.package import CODE
from rehearse.deployed import Deployed
from rehearse.flow import Timings
from rehearse.frames import BEAT_S, Show
from rehearse.stack import Release, delete, deploy, publish
from rehearse.waiting import require, wait_for

ANALYSED_S = 60


def update_and_roll_back(deployed: Deployed, first: Release, packaged: Path, work: Path, show: Show) -> Timings:
    """Update, fail to update, go back; frames must be analysed after each, by the code that each must leave."""
    one = deployed.code_of("AnalyseFrames")
    second = _second_version(packaged, work)
    timings = {"update_s": deploy(deployed.stack, second, kind="UPDATE", becomes="UPDATE_COMPLETE")}
    two = deployed.code_of("AnalyseFrames")
    require(two != one, "the update left the old code running")
    _analyses(deployed, show)
    broken = _broken_version(packaged, work)
    timings["failed_update_s"] = deploy(deployed.stack, broken, kind="UPDATE", becomes="UPDATE_ROLLBACK_COMPLETE")
    require(deployed.code_of("AnalyseFrames") == two, "a failed update did not bring the second version back")
    _analyses(deployed, show)
    timings["way_back_s"] = deploy(deployed.stack, first, kind="UPDATE", becomes="UPDATE_COMPLETE")
    require(deployed.code_of("AnalyseFrames") == one, "the way back did not lead to the first version")
    _analyses(deployed, show)
    return timings


def delete_all(deployed: Deployed) -> Timings:
    """Delete the stack: the functions are gone, what was remembered is not."""
    seconds = delete(deployed.stack)
    functions = boto3.client("lambda").list_functions()["Functions"]
    require(not functions, f"functions are left: {[one['FunctionName'] for one in functions]}")
    tables = boto3.client("dynamodb").list_tables()["TableNames"]
    require(deployed.settings["MATPHO_INCIDENTS_TABLE"] in tables, "deleting the stack deleted the incidents")
    boto3.client("s3").head_bucket(Bucket=deployed.settings["MATPHO_FRAMES_BUCKET"])
    return {"delete_s": seconds}


def _analyses(deployed: Deployed, show: Show) -> None:
    before = deployed.heartbeat_of(show.camera_id)
    deployed.cameras.put(show.camera_id, show.frames[0], after_s=BEAT_S)
    wait_for("a frame to be analysed", lambda: deployed.heartbeat_of(show.camera_id) != before, within_s=ANALYSED_S)
    deployed.settle()


def _second_version(packaged: Path, work: Path) -> Release:
    """The same with one file more in the functions' code."""
    folder = work / "second"
    shutil.copytree(packaged, folder)
    with zipfile.ZipFile(folder / CODE, "a") as code:
        code.writestr("chalicelib/RELEASE", "second")
    return publish(folder, "second")


def _broken_version(packaged: Path, work: Path) -> Release:
    """A release for which the functions' code was never uploaded."""
    folder = work / "broken"
    shutil.copytree(packaged, folder)
    (folder / CODE).unlink()
    return publish(folder, "broken")
