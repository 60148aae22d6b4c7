"""What goes wrong in a city, on purpose: a function dies over its frames, a frame fails until it is set aside.

A frame comes again when the queue's visibility timeout is over, six minutes as deployed. It is cut short for a drill,
and nothing else about the queue is.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3

from rehearse.deployed import Deployed
from rehearse.flow import ALERT_S, Timings
from rehearse.frames import BEAT_S, Show
from rehearse.waiting import require, wait_for

COMES_AGAIN_S = 30
POISON_COMES_AGAIN_S = 2
DEAD_S = 60
PROCESSES = Path("/proc")


def kill_a_worker(deployed: Deployed, show: Show) -> Timings:
    """Kill the analyser over its frames: they come again, and their incident is told of once."""
    before = len(deployed.units.opened())
    with _visibility(deployed, COMES_AGAIN_S):
        for data in show.frames:
            deployed.cameras.put(show.camera_id, data)
        wait_for("the analyser to take frames", lambda: _in_hand(deployed), within_s=ALERT_S)
        killed = _kill_workers(deployed)
        began = time.monotonic()
        require(killed, "no worker of the analyser was found to kill")
        require(_in_hand(deployed), "the worker was killed too late, over no frame")
        deployed.settle()
    wait_for("the alert of the frames that came again", lambda: _opened(deployed) > before, within_s=ALERT_S)
    told = [one for one in deployed.units.opened() if show.camera_id in one["data"]["cameras"]]
    require(
        [one["data"]["kind"] for one in told] == [show.expects], f"{len(told)} incidents of {show.camera_id!r}, not one"
    )
    require(not deployed.waiting("FramesDeadLetters"), "the frames in hand were dead-lettered")
    return {"killed": killed, "recovered_s": round(time.monotonic() - began, 1)}


def redrive_poison(deployed: Deployed, show: Show) -> Timings:
    """Forbid the analyser a camera's frames until one is dead-lettered; allow them, redrive, and see it analysed."""
    with _visibility(deployed, POISON_COMES_AGAIN_S):
        began = time.monotonic()
        with _forbidden(deployed, f"frames/{show.camera_id}/*"):
            key = deployed.cameras.put(show.camera_id, show.frames[-1], after_s=BEAT_S)
            wait_for("the poison frame to be dead", lambda: deployed.waiting("FramesDeadLetters"), within_s=DEAD_S)
        dead_s = round(time.monotonic() - began, 1)
    untouched = deployed.heartbeat_of(show.camera_id)
    _run_ops("dlq", "redrive", "--all", "--stack", deployed.stack)
    wait_for("the frame to be analysed", lambda: deployed.heartbeat_of(show.camera_id) != untouched, within_s=ALERT_S)
    deployed.settle()
    require(not deployed.waiting("FramesDeadLetters"), f"{key!r} is still among the dead letters")
    return {"dead_lettered_s": dead_s}


@contextmanager
def _visibility(deployed: Deployed, seconds: int) -> Iterator[None]:
    sqs, url = boto3.client("sqs"), deployed.ids["FramesQueue"]
    name: Any = "VisibilityTimeout"
    before = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={name: str(seconds)})
    try:
        yield
    finally:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={name: before})


@contextmanager
def _forbidden(deployed: Deployed, keys: str) -> Iterator[None]:
    """The bucket's policy as somebody might spoil it."""
    s3, bucket = boto3.client("s3"), deployed.cameras.bucket
    before = s3.get_bucket_policy(Bucket=bucket)["Policy"]
    policy = json.loads(before)
    role = boto3.client("iam").get_role(RoleName=deployed.ids["AnalyseFramesRole"])["Role"]["Arn"]
    policy["Statement"].append(
        {
            "Effect": "Deny",
            "Principal": {"AWS": role},
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{bucket}/{keys}",
        }
    )
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    try:
        yield
    finally:
        s3.put_bucket_policy(Bucket=bucket, Policy=before)


def _in_hand(deployed: Deployed) -> int:
    names: Any = ["ApproximateNumberOfMessagesNotVisible"]
    answer = boto3.client("sqs").get_queue_attributes(QueueUrl=deployed.ids["FramesQueue"], AttributeNames=names)
    return int(answer["Attributes"][names[0]])


def _opened(deployed: Deployed) -> int:
    deployed.units.look()
    return len(deployed.units.opened())


def _kill_workers(deployed: Deployed) -> int:
    """Kill the processes that the emulator runs the analyser in; returns how many."""
    workers = [pid for pid in _children(deployed.emulator.pid) if _runs(pid, deployed.ids["AnalyseFrames"])]
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    return len(workers)


def _children(pid: int) -> Iterator[int]:
    for stat in PROCESSES.glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it ended while we looked
            continue
        if parent == pid:
            yield int(stat.parent.name)


def _runs(pid: int, function: str) -> bool:
    wanted = f"AWS_LAMBDA_FUNCTION_NAME={function}".encode()
    return wanted in (PROCESSES / str(pid) / "environ").read_bytes().split(b"\0")


def _run_ops(*arguments: str) -> None:
    """An operator's command, as the runbook has it."""
    command = [sys.executable, "-m", f"ops.{arguments[0]}", *arguments[1:]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    require(done.returncode == 0, f"{' '.join(command[1:])} failed: {done.stderr.strip()}")
