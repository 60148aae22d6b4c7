"""All that the API answers to, and the document that describes it."""

from collections.abc import Mapping
from typing import Any

from chalicelib.api import (
    alerts,
    audit,
    authorisations,
    camera_view,
    cameras,
    city,
    city_pack,
    commands,
    evidence,
    grants,
    health,
    holds,
    incidents,
    me,
    pictures,
    readings,
    statistics,
    subject_requests,
    watchlist,
)
from chalicelib.api.endpoints import Endpoint, Routes
from chalicelib.api.openapi import describe

_ABOUT = Routes("about")
_RESOURCES = (
    health.routes,
    _ABOUT,
    me.routes,
    incidents.routes,
    commands.routes,
    evidence.routes,
    alerts.routes,
    cameras.routes,
    camera_view.routes,
    pictures.routes,
    readings.routes,
    statistics.routes,
    city.routes,
    city_pack.routes,
    grants.routes,
    watchlist.routes,
    authorisations.routes,
    holds.routes,
    subject_requests.routes,
    audit.routes,
)


@_ABOUT.get("/openapi.json", needs=None)
def read_openapi() -> Mapping[str, Any]:
    """This API in OpenAPI 3.1, made of the very declarations that it runs by."""
    return describe(endpoints())


def endpoints() -> tuple[Endpoint, ...]:
    """Every endpoint, in the order in which a person would read about them."""
    return tuple(endpoint for resource in _RESOURCES for endpoint in resource.endpoints)
