"""The main job, rehearsed: the API answers, and photographs become alerts at the units."""

import json
import time
from datetime import UTC, datetime
from itertools import pairwise, zip_longest
from statistics import median
from typing import Any

from local.events import schedule_event, sqs_event, stream_event
from rehearse.deployed import Deployed
from rehearse.frames import Show
from rehearse.waiting import require, wait_for

ALERT_S = 30
NONE_FAILED: dict[str, Any] = {"batchItemFailures": []}

Timings = dict[str, Any]


def ask_health(deployed: Deployed) -> Timings:
    """The health route through API Gateway, cold and warm."""
    path = f"/restapis/{deployed.ids['RestAPI']}/api/_user_request_/health"
    timings = {}
    for temperature in ("cold_s", "warm_s"):
        began = time.monotonic()
        status, body = deployed.emulator.ask(path)
        timings[temperature] = round(time.monotonic() - began, 3)
        require(status == 200 and '"ok"' in body, f"the health route answered {status}: {body[:200]}")
    return timings


def start_cold(deployed: Deployed) -> Timings:
    """Every function's first call, on an event that gives it nothing to do; the analyser loads its models for it."""
    test_event = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": deployed.cameras.bucket}
    no_timeline_event = {"eventName": "REMOVE", "dynamodb": {"SequenceNumber": "1"}}
    events = {
        "AnalyseFrames": _sqs_event(test_event),
        "PublishAlerts": stream_event([no_timeline_event], stream_arn="arn:aws:dynamodb:local:rehearsal:stream"),
        "Sweep": schedule_event(datetime.now(UTC)),
    }
    answers = {function: deployed.invoke(function, event) for function, event in events.items()}
    nothing = {
        "AnalyseFrames": NONE_FAILED,
        "PublishAlerts": NONE_FAILED,
        "Sweep": {"ended": 0, "deadlines": 0, "silent": 0},
    }
    given = {function: answer for function, (answer, _) in answers.items()}
    require(given == nothing, f"functions with nothing to do answered {given}")
    return {function: seconds for function, (_, seconds) in answers.items()}


def analyse_warm(deployed: Deployed, show: Show) -> Timings:
    """The analyser once more, on one frame of a real photograph that it has seen: a repeat, which changes nothing."""
    key = deployed.cameras.put(show.camera_id, show.frames[0])
    deployed.settle()
    record = {"eventName": "ObjectCreated:Put", "s3": {"object": {"key": key, "size": len(show.frames[0])}}}
    answer, seconds = deployed.invoke("AnalyseFrames", _sqs_event({"Records": [record]}))
    require(answer == NONE_FAILED, f"the analyser answered {answer}")
    return {"AnalyseFrames": seconds}


def show_photographs(deployed: Deployed, shows: list[Show]) -> Timings:
    """Every camera puts its frames, a round at a time; every expected kind must reach a unit, and nothing else."""
    for frames in zip_longest(*(show.frames for show in shows)):
        for show, data in zip(shows, frames, strict=True):
            if data is not None:
                deployed.cameras.put(show.camera_id, data)
        deployed.settle()
    expected = {(show.camera_id, show.expects) for show in shows if show.expects}
    wait_for(f"alerts of {sorted(expected)}", lambda: _look(deployed) >= expected, within_s=ALERT_S)
    require(_look(deployed) == expected, f"alerts that nothing should have caused: {_look(deployed) - expected}")
    for alert in deployed.units.opened():
        receivers = deployed.units.units_of(alert["id"])
        require(receivers == set(alert["data"]["units"]), f"{alert['id']} was for others than {receivers}")
    require(not deployed.rejected(), f"{deployed.rejected()} frames were rejected")
    require(not deployed.waiting("FramesDeadLetters"), "frames were dead-lettered")
    ways = [_way_of(deployed, alert) for alert in deployed.units.opened()]
    seconds = sorted(sum(way.values()) for way in ways)
    return {
        "frames": len(deployed.cameras.put_utc),
        "alerts": len(ways),
        "p50_s": round(median(seconds), 3),
        "p95_s": round(seconds[min(len(seconds) - 1, round(0.95 * len(seconds)))], 3),
        "p50_by_hop_s": {hop: round(median(way[hop] for way in ways), 3) for hop in ways[0]},
    }


def _look(deployed: Deployed) -> set[tuple[str, str | None]]:
    """Camera and kind of every incident that was told so far."""
    deployed.units.look()
    return {(camera, one["data"]["kind"]) for one in deployed.units.opened() for camera in one["data"]["cameras"]}


def _way_of(deployed: Deployed, alert: dict[str, Any]) -> dict[str, float]:
    """The seconds from the moment the frame that decided it was put to the alert in a unit's queue, hop by hop."""
    put_utc = max(deployed.cameras.put_utc[one["frame"]] for one in alert["data"]["evidence"])
    decided_utc, published_utc = (
        datetime.fromisoformat(alert["data"]["hops"][f"{hop}_at"]) for hop in ("decided", "published")
    )
    stations = (put_utc, decided_utc, published_utc, deployed.units.came_utc[alert["id"]])
    hops = ("put_to_decided", "decided_to_published", "published_to_received")
    return {hop: (to - since).total_seconds() for hop, (since, to) in zip(hops, pairwise(stations), strict=True)}


def _sqs_event(body: dict[str, Any]) -> dict[str, Any]:
    names = {"MessageId": "rehearsal-1", "ReceiptHandle": "none", "MD5OfBody": "", "Attributes": {}}
    message = {**names, "Body": json.dumps(body)}
    return sqs_event([message], queue_arn="arn:aws:sqs:local:rehearsal:frames")
