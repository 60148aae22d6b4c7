"""What a run on the local cloud would be billed for: every call of AWS, units, bytes, and the seconds of each function.

Botocore tells of each call. The seconds billed are the processor time of a function without what the local cloud itself
took, stretched where its memory buys less than a vCPU, plus a wait for each call, because a function pays for waiting
too. The cost: a call's wait is an assumption, and one vCPU is taken to be one core of this machine.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from time import process_time
from typing import Any

from botocore.handlers import BUILTIN_HANDLERS

from chalicelib.store.models import HEARTBEAT, TRACKER_PREFIX, TRAFFIC_PREFIX
from local.city import City

Amounts = Mapping[tuple[str, str], float]
"""How much of an item of the price list, by (stage, item)."""

ARRIVE, QUEUE, ANALYSE, BEAT, AUDIT = "arrive", "queue", "analyse", "heartbeat", "audit"
INCIDENT, EVIDENCE, CONSOLE, CLOCK = "incident", "evidence", "console", "clock"
"""The stages. Cameras put frames in; the queue delivers them; incidents are the records and alerts that follow.

With heartbeats go the traffic steps that they write down; the audit is that of searches for faces; evidence are the
pictures that are kept of incidents; consoles are read by people, and the clock runs whatever happens.
"""

STAGES = {
    "analyse_frames": ANALYSE,
    "publish_alerts": INCIDENT,
    "keep_evidence": EVIDENCE,
    "api_handler": CONSOLE,
    "sweep": CLOCK,
    "keep_watchlist": CLOCK,
    "keep_the_law": CLOCK,
}
VCPU_GB = 1769 / 1024
"""The memory that buys one vCPU; less buys as much less: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html"""

S3_ITEMS = {"PutObject": "s3_put", "ListObjectsV2": "s3_put", "GetObject": "s3_get", "HeadObject": "s3_get"}
"""What S3 asks for each call; to delete is free."""
PLATFORM_LOG_BYTES = 400
"""What Lambda writes of every invocation: START, END and REPORT."""
XRAY_SAMPLED = 0.05
"""X-Ray's default beyond the first request each second: https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html"""


@dataclass
class Meter:
    """Counts while a city runs. `memory_gb` is each function's; `wait_s` the assumed wait for an answer of AWS.

    `keyed` are the buckets under a key of ours, by what their names say they hold. Each call there is taken to ask KMS
    for its key, the worst case: bucket keys spare nearly all of it.
    """

    memory_gb: Mapping[str, float]
    wait_s: float
    keyed: frozenset[str] = frozenset()
    amounts: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))
    stored_bytes: Counter[str] = field(default_factory=Counter)
    beats: int = 0
    audited: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    _function: str = ""
    _asked: Mapping[str, Any] = field(default_factory=dict)
    _aside_s: float = 0.0
    _sent_s: float = 0.0

    def timed(self, function: str, invoke: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """The function's invocation, billed."""

        def billed(event: Any) -> Any:
            self._function, self._aside_s = function, 0.0
            self._note_receives(event)
            calls, start_s = self.calls.total(), process_time()
            try:
                return invoke(event)
            finally:
                busy_s = process_time() - start_s - self._aside_s
                self._bill(function, busy_s, self.wait_s * (self.calls.total() - calls))
                self._function = ""

        return billed

    def note_call(self, service: str, operation: str, params: Mapping[str, Any]) -> None:
        """Bill one call of AWS to the stage that made it."""
        self.calls[f"{service}.{operation}"] += 1
        stage = STAGES.get(self._function, ARRIVE)
        if service == "dynamodb":
            self._note_dynamodb(stage, operation, params)
        elif service == "sqs":
            self.amounts[QUEUE, "sqs_request"] += operation != "ReceiveMessage"
        elif service == "s3":
            self._note_s3(stage, operation, params)
        elif operation == "Publish":
            self.amounts[stage, "sns_request"] += 1
            self.amounts[stage, "kms_request"] += 1

    def note_read(self, params: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        """Bill what DynamoDB read to answer: half a unit for each 4 KB begun, a whole one where it must be certain."""
        items = [*answer.get("Items", ()), *filter(None, [answer.get("Item")])]
        units = max(1, math.ceil(sum(map(item_bytes, items)) / 4096))
        stage = STAGES.get(self._function, ARRIVE)
        self.amounts[stage, "dynamodb_read"] += units * (1.0 if params.get("ConsistentRead") else 0.5)

    def _note_receives(self, event: Any) -> None:
        """Each message by a request of its own, the worst case: the local cloud's pollers aren't Lambda's."""
        messages = [one for one in event.get("Records", ()) if one.get("eventSource") == "aws:sqs"]
        self.amounts[QUEUE, "sqs_request"] += len(messages)

    def _note_dynamodb(self, stage: str, operation: str, params: Mapping[str, Any]) -> None:
        if operation == "PutItem":
            written = stage if stage in (EVIDENCE, CONSOLE, CLOCK) else _stage_of(params["Item"])
            self.beats += written == BEAT and params["Item"]["item"]["S"] == HEARTBEAT
            self.audited += "line" in params["Item"]
            self.amounts[written, "dynamodb_write"] += write_units(params["Item"])
        elif operation == "TransactWriteItems":
            items = [one["Put"]["Item"] for one in params["TransactItems"]]
            self.amounts[INCIDENT, "dynamodb_write"] += 2 * sum(map(write_units, items))

    def _note_s3(self, stage: str, operation: str, params: Mapping[str, Any]) -> None:
        if operation not in S3_ITEMS:
            return
        self.amounts[stage, S3_ITEMS[operation]] += 1
        if what_it_holds(params["Bucket"]) in self.keyed:
            self.amounts[stage, "kms_request"] += 1
        if operation == "PutObject":
            self.stored_bytes[stage] += len(params["Body"])
        if operation == "PutObject" and stage == ARRIVE:
            self.amounts[stage, "sqs_request"] += 1  # S3's own message, which we never see made

    def _bill(self, function: str, busy_s: float, waited_s: float) -> None:
        stage, memory_gb = STAGES[function], self.memory_gb[function]
        billed_s = busy_s * max(1.0, VCPU_GB / memory_gb) + waited_s
        self.amounts[stage, "lambda_request"] += 1
        self.amounts[stage, "lambda_gb_s"] += billed_s * memory_gb
        self.amounts[stage, "xray_trace"] += XRAY_SAMPLED
        self.amounts[stage, "log_gb"] += PLATFORM_LOG_BYTES / 1e9

    def on_params(self, params: Mapping[str, Any], model: Any, **_: Any) -> None:
        self._asked = params
        self.note_call(model.service_model.service_name, model.name, params)

    def on_parsed(self, parsed: Mapping[str, Any], model: Any, **_: Any) -> None:
        if model.name in ("Query", "GetItem"):
            self.note_read(self._asked, parsed)

    def on_sent(self, **_: Any) -> None:
        self._sent_s = process_time()

    def on_answered(self, **_: Any) -> None:
        self._aside_s += process_time() - self._sent_s


@contextmanager
def listening(meter: Meter) -> Iterator[None]:
    """Have every client made from now on tell the meter; begin before the city does, as sessions are made once."""
    handlers = [
        ("provide-client-params", meter.on_params),
        ("before-send", meter.on_sent),
        ("response-received", meter.on_answered),
        ("after-call.dynamodb", meter.on_parsed),
    ]
    BUILTIN_HANDLERS[:0] = handlers
    try:
        yield
    finally:
        for handler in handlers:
            BUILTIN_HANDLERS.remove(handler)


def attach(city: City, meter: Meter) -> None:
    """Bill the functions of a running city."""
    pump = city.pump
    pump.frames.invoke = meter.timed("analyse_frames", pump.frames.invoke)
    pump.alerts.invoke = meter.timed("publish_alerts", pump.alerts.invoke)
    pump.evidence.invoke = meter.timed("keep_evidence", pump.evidence.invoke)
    city.pump = replace(pump, tick=meter.timed("sweep", pump.tick))


def write_units(item: Mapping[str, Mapping[str, Any]]) -> int:
    """Write request units of an item, in the table and in the indexes it is in.

    A unit is a kilobyte of names and values begun; an index whose sort key moves pays for the old and the new entry.
    """
    units = math.ceil(item_bytes(item) / 1024)
    return units * (1 + ("tracked" in item) + 2 * ("feed" in item) + 2 * ("due" in item))


def item_bytes(item: Mapping[str, Mapping[str, Any]]) -> int:
    """An item's size as DynamoDB counts it: its names and its values."""
    return sum(len(name) + _size_bytes(value) for name, typed in item.items() for value in typed.values())


def what_it_holds(bucket: str) -> str:
    """The part of a bucket's name that the template gives it: matpho-<stage>-<this>-<account>."""
    return bucket.split("-")[2]


def _stage_of(item: Mapping[str, Mapping[str, Any]]) -> str:
    """Whose a single write is, by what lies in its keys."""
    if item.get("item", {}).get("S") == HEARTBEAT or item.get("camera_id", {}).get("S", "").startswith(TRAFFIC_PREFIX):
        return BEAT
    return INCIDENT if item.get("item", {}).get("S", "").startswith(TRACKER_PREFIX) else AUDIT


def _size_bytes(value: Any) -> int:
    return len(value) if isinstance(value, bytes) else len(str(value).encode())
