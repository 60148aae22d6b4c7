"""What a run on the local cloud would be billed for: every call of AWS, units, bytes, and the seconds of each function.

Botocore tells of each call. The seconds billed are the processor time of a function without what the local cloud itself
took, plus a wait for each call, because a function pays for waiting too. The cost: a call's wait is an assumption, and
what the memory setting does to speed isn't measured: one vCPU is taken to be one core of this machine.
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

ARRIVE, QUEUE, ANALYSE, BEAT, INCIDENT, SWEEP = "arrive", "queue", "analyse", "heartbeat", "incident", "sweep"
AUDIT = "audit"
"""The stages. Cameras put frames in; the queue delivers them; incidents are everything that follows from one.

With heartbeats go the traffic steps that they write down; the audit is that of searches for faces.
"""

STAGES = {"analyse_frames": ANALYSE, "publish_alerts": INCIDENT, "sweep": SWEEP}
PLATFORM_LOG_BYTES = 400
"""What Lambda writes of every invocation: START, END and REPORT."""
XRAY_SAMPLED = 0.05
"""X-Ray's default beyond the first request each second: https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html"""


@dataclass
class Meter:
    """Counts while a city runs. `memory_gb` is each function's; `wait_s` the assumed wait for an answer of AWS."""

    memory_gb: Mapping[str, float]
    wait_s: float
    amounts: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))
    stored_bytes: int = 0
    beats: int = 0
    audited: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    _function: str = ""
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
                self._bill(function, busy_s + self.wait_s * (self.calls.total() - calls))
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
        elif operation == "Publish":
            self.amounts[stage, "sns_request"] += 1
        elif operation == "PutObject":
            self.amounts[stage, "s3_put"] += 1
            self.amounts[stage, "sqs_request"] += 1  # S3's own message, which we never see made
            self.stored_bytes += len(params["Body"])
        elif operation == "GetObject":
            self.amounts[stage, "s3_get"] += 1

    def _note_receives(self, event: Any) -> None:
        """Each message by a request of its own, the worst case: the local cloud's pollers aren't Lambda's."""
        messages = [one for one in event.get("Records", ()) if one.get("eventSource") == "aws:sqs"]
        self.amounts[QUEUE, "sqs_request"] += len(messages)

    def _note_dynamodb(self, stage: str, operation: str, params: Mapping[str, Any]) -> None:
        if operation == "PutItem":
            written = _stage_of(params["Item"])
            self.beats += written == BEAT and params["Item"]["item"]["S"] == HEARTBEAT
            self.audited += "line" in params["Item"]
            self.amounts[written, "dynamodb_write"] += write_units(params["Item"])
        elif operation == "TransactWriteItems":
            items = [one["Put"]["Item"] for one in params["TransactItems"]]
            self.amounts[INCIDENT, "dynamodb_write"] += 2 * sum(map(write_units, items))
        elif operation in ("Query", "GetItem"):
            # What is read of a camera or an incident fits in one unit's 4 KB; half a unit unless consistent.
            self.amounts[stage, "dynamodb_read"] += 1.0 if params.get("ConsistentRead") else 0.5

    def _bill(self, function: str, billed_s: float) -> None:
        stage = STAGES[function]
        self.amounts[stage, "lambda_request"] += 1
        self.amounts[stage, "lambda_gb_s"] += billed_s * self.memory_gb[function]
        self.amounts[stage, "xray_trace"] += XRAY_SAMPLED
        self.amounts[stage, "log_gb"] += PLATFORM_LOG_BYTES / 1e9

    def on_params(self, params: Mapping[str, Any], model: Any, **_: Any) -> None:
        self.note_call(model.service_model.service_name, model.name, params)

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
    city.pump = replace(pump, tick=meter.timed("sweep", pump.tick))


def write_units(item: Mapping[str, Mapping[str, Any]]) -> int:
    """Write request units of an item, in the table and in the index it is in.

    A unit is a kilobyte of names and values begun; an index whose sort key moves pays for the old and the new entry.
    """
    sizes = (len(name) + _size_bytes(value) for name, typed in item.items() for value in typed.values())
    units = math.ceil(sum(sizes) / 1024)
    return units * (1 + ("tracked" in item) + 2 * ("feed" in item))


def _stage_of(item: Mapping[str, Mapping[str, Any]]) -> str:
    """Whose a single write is, by what lies in its keys."""
    if item.get("item", {}).get("S") == HEARTBEAT or item.get("camera_id", {}).get("S", "").startswith(TRAFFIC_PREFIX):
        return BEAT
    return INCIDENT if item.get("item", {}).get("S", "").startswith(TRACKER_PREFIX) else AUDIT


def _size_bytes(value: Any) -> int:
    return len(value) if isinstance(value, bytes) else len(str(value).encode())
