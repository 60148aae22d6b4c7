"""What people's screens ask of the API: the board, again and again, and an incident's page while somebody is at it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

from chalice.local import LambdaContext, LambdaEventConverter, RouteMatcher

import app
from bench.cost.meter import CONSOLE, Amounts, Meter
from chalicelib import bootstrap
from chalicelib.api.passport import CONTEXT_KEY, Passport
from chalicelib.domain.lifecycle import LIVE
from chalicelib.domain.people import Actor, read_grants
from local.city import City
from local.sample import opening

POLL_S = 2.0
"""POLL_MS of console/src/state/incidents.ts; a test holds them together."""
ON_THE_BOARD = 30
"""Live incidents, as many as the simulated hour opens."""
LOOKS, NEW = 10, 1
"""Of so many looks so many find something that they haven't seen: the simulated hour has an event each 20 seconds."""


@dataclass(frozen=True, slots=True)
class Polls:
    """What one look uses, on average: at the board, and at an incident's page."""

    board: Amounts
    page: Amounts


def meter_screens(city: City, meter: Meter) -> Polls:
    """Put incidents on the board and look at them as consoles do."""
    store, kinds = bootstrap.incidents(), cycle(one.kind for one in city.pack.kinds)
    for number, kind, camera in zip(range(ON_THE_BOARD), kinds, cycle(city.pack.cameras), strict=False):
        store.commit(opening(city.pack, kind, camera, city.clock() - number * timedelta(seconds=10)))
    shown = store.newest(1)[0].id
    board = f"/incidents?{urlencode({'limit': 200, 'status': sorted(LIVE)}, doseq=True)}"
    return Polls(
        _looks(city, meter, (board,)), _looks(city, meter, (f"/incidents/{shown}", f"/incidents/{shown}/timeline"))
    )


def _looks(city: City, meter: Meter, paths: tuple[str, ...]) -> Amounts:
    etags = {path: _ask(city, path)["headers"]["ETag"] for path in paths}
    before = dict(meter.amounts)
    for number in range(LOOKS):
        for path in paths:
            known = {} if number < NEW else {"If-None-Match": etags[path]}
            answer = meter.timed("api_handler", lambda event: app.app(event, _context()))(_event(city, path, known))
            meter.amounts[CONSOLE, "api_request"] += 1
            meter.amounts[CONSOLE, "out_gb"] += len(answer["body"] or "") / 1e9
    return {key: (amount - before.get(key, 0.0)) / LOOKS for key, amount in meter.amounts.items() if key[0] == CONSOLE}


def _ask(city: City, path: str) -> Mapping[str, Any]:
    """Ask for the first time, which warms up what a function keeps."""
    answer = app.app(_event(city, path, {}), _context())
    if answer["statusCode"] != 200:
        raise ValueError(f"{path} answered {json.dumps(answer)}")
    headers = {name: values[0] for name, values in answer.get("multiValueHeaders", {}).items()}
    return {**answer, "headers": {**headers, **answer["headers"]}}


def _event(city: City, path: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """What API Gateway hands over for somebody of the operations centre whom the authoriser let in."""
    event: dict[str, Any] = LambdaEventConverter(RouteMatcher(list(app.app.routes))).create_lambda_event(
        "GET", path, dict(headers)
    )
    actor = Actor("olga", read_grants(["ioc_operator@*"]))
    passport = Passport.of(actor, expires_at_utc=city.clock() + timedelta(hours=1))
    event["requestContext"]["authorizer"] = {CONTEXT_KEY: passport.model_dump_json()}
    return event


def _context() -> LambdaContext:
    return LambdaContext("api_handler", memory_size=512)
