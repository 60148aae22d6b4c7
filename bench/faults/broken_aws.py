"""AWS as it is on a bad day: throttled, slow, answering after we stopped listening, or killing us under way.

Moto answers in AWS's stead; a breaker stands before it and asks it, or not. So a call can fail before it has an effect,
or after it: the worse case, because then we don't know.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any
from unittest.mock import patch

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ReadTimeoutError
from moto.core.botocore_stubber import BotocoreStubber

from local.city import City

SEED = 11
OURS = ("dynamodb", "sns", "s3")
"""What the chain calls; queues and streams are the local cloud's own."""
SIDE_EFFECTS = {
    *("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"),
    *("Publish", "PutObject", "CopyObject", "DeleteObject"),
}
"""The calls of the chain that leave something behind."""
HANDLERS = ("analyse_frames", "publish_alerts", "keep_evidence", "sweep")
"""Those that a frame sets going, and the clock."""


class Killed(BaseException):
    """The process is gone between two calls; nothing in it may catch this."""


Effect = Callable[[], AWSResponse | None]
Decide = Callable[["Breaker", str, Effect], AWSResponse | None]


@dataclass
class Breaker:
    """Takes every request that a handler makes; `decide` answers it, with or without its effect.

    `made` counts the calls of each service, and the side effects of each handler.
    """

    decide: Decide | None = None
    made: Counter[str] = field(default_factory=Counter)
    handler: str = ""
    url: str = ""

    def answer(self, service: str, operation: str, effect: Effect, *, url: str = "") -> AWSResponse | None:
        self.url = url
        if not self.handler or service not in OURS:
            return effect()
        self.made[service] += 1
        self.made[self.handler] += operation in SIDE_EFFECTS
        return self.decide(self, service, effect) if self.decide else effect()

    def watch(self, city: City) -> None:
        """Know whose calls are made; a handler that is killed leaves its batch to be delivered again."""
        city.pump.frames.invoke = self.watched("analyse_frames", city.pump.frames.invoke)
        city.pump.alerts.invoke = self.watched("publish_alerts", city.pump.alerts.invoke)
        city.pump.evidence.invoke = self.watched("keep_evidence", city.pump.evidence.invoke)
        city.pump = replace(city.pump, tick=self.watched("sweep", city.pump.tick))

    def watched(self, handler: str, invoke: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """A handler whose calls are its own; when it is killed every record of its event has failed."""

        def watched(event: Any) -> Any:
            self.handler = handler
            try:
                return invoke(event)
            except Killed:
                return {"batchItemFailures": [{"itemIdentifier": one} for one in _ids(event)]}
            finally:
                self.handler = ""

        return watched


@contextmanager
def installed(breaker: Breaker) -> Iterator[None]:
    """Have the breaker stand between botocore and moto."""
    ask_moto = BotocoreStubber.__call__

    def answer(stubber: BotocoreStubber, event_name: str, request: Any, **kwargs: Any) -> AWSResponse | None:
        _, service, operation = event_name.split(".")
        return breaker.answer(
            service, operation, lambda: ask_moto(stubber, event_name, request, **kwargs), url=request.url
        )

    with patch.object(BotocoreStubber, "__call__", answer), patch("botocore.endpoint.time.sleep"):
        yield  # and nobody waits between botocore's own tries


def throttled(share: float) -> Decide:
    """A share of all calls is refused before it has an effect."""
    dice = Random(SEED)  # noqa: S311  # bad luck, not a secret

    def decide(_: Breaker, service: str, effect: Effect) -> AWSResponse | None:
        return _refusal(service) if dice.random() < share else effect()

    return decide


def unanswered(share: float) -> Decide:
    """A share of all calls has its effect, and the answer never arrives."""
    dice = Random(SEED)  # noqa: S311  # bad luck, not a secret

    def decide(_: Breaker, service: str, effect: Effect) -> AWSResponse | None:
        answer = effect()
        if dice.random() < share:
            raise ReadTimeoutError(endpoint_url=service)
        return answer

    return decide


def down(service: str, calls: int) -> Decide:
    """A service refuses its first so many calls."""

    def decide(breaker: Breaker, asked: str, effect: Effect) -> AWSResponse | None:
        return _refusal(asked) if asked == service and breaker.made[service] <= calls else effect()

    return decide


def refused(of: Callable[[str], bool]) -> Decide:
    """Every call to some addresses is refused."""

    def decide(breaker: Breaker, service: str, effect: Effect) -> AWSResponse | None:
        return _refusal(service) if of(breaker.url) else effect()

    return decide


def killed(handler: str, side_effect: int, *, after: bool) -> Decide:
    """The process dies once, before or after a side effect of a handler, counted over the whole story."""
    armed = True

    def decide(breaker: Breaker, _: str, effect: Effect) -> AWSResponse | None:
        nonlocal armed
        if not armed or breaker.handler != handler or breaker.made[handler] != side_effect:
            return effect()
        armed = False
        if after:
            effect()
        raise Killed

    return decide


def crash_points(counted: Breaker, handlers: tuple[str, ...]) -> Iterator[tuple[str, Decide]]:
    """Before the first side effect of each handler, and after each: between two, and before the last is answered."""
    for handler in handlers:
        yield f"{handler} dies before side effect 1", killed(handler, 1, after=False)
        for number in range(1, counted.made[handler] + 1):
            yield f"{handler} dies after side effect {number}", killed(handler, number, after=True)


def _ids(event: Any) -> Iterator[str]:
    for record in event.get("Records", ()):
        yield record["messageId"] if "messageId" in record else record["dynamodb"]["SequenceNumber"]


_REFUSALS = {
    "dynamodb": (400, b'{"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}'),
    "sns": (400, b"<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>"),
    "s3": (503, b"<Error><Code>SlowDown</Code></Error>"),
}


def _refusal(service: str) -> AWSResponse:
    status, body = _REFUSALS[service]
    return AWSResponse(f"https://{service}", status, HTTPHeaders(), _Body(body))


class _Body:
    """What botocore reads an answer from."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self, **_: Any) -> bytes:
        data, self._data = self._data, b""
        return data

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()
