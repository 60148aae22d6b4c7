"""The pictures of incidents, rehearsed: of each that was told some are kept, sealed and without faces.

The emulator has one poller, which calls the functions of a stream one after another: an alert would wait until the
pictures of the incident before it are redacted. At AWS each has one of its own, so while alerts are timed here, the
keeper waits. Its place in the stream is kept, and nothing is lost by it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3

from chalicelib.store.evidence import S3EvidenceVault
from rehearse.deployed import Deployed
from rehearse.waiting import require, wait_for

KEPT_S = 300


@contextmanager
def held_back(deployed: Deployed, function: str) -> Iterator[None]:
    """Have what comes in by a function's event source wait for a while."""
    client = boto3.client("lambda")
    (source,) = client.list_event_source_mappings(FunctionName=deployed.ids[function])["EventSourceMappings"]
    client.update_event_source_mapping(UUID=source["UUID"], Enabled=False)
    try:
        yield
    finally:
        client.update_event_source_mapping(UUID=source["UUID"], Enabled=True)


def keep_pictures(deployed: Deployed) -> dict[str, Any]:
    """Every incident that was told has pictures, and each of them an original under the seal."""
    vault = S3EvidenceVault(
        boto3.client("s3"), deployed.settings["MATPHO_EVIDENCE_BUCKET"], deployed.settings["MATPHO_SEALED_BUCKET"]
    )
    told, began = {one["data"]["incident"] for one in deployed.units.opened()}, time.monotonic()
    wait_for("pictures of every incident", lambda: all(map(vault.pictures, told)), within_s=KEPT_S)
    seconds = round(time.monotonic() - began, 1)
    pictures = [(incident_id, one.number) for incident_id in told for one in vault.pictures(incident_id)]
    require(all(vault.original(*one) for one in pictures), "an original is empty")
    require(not deployed.waiting("EvidenceDeadLetters"), "the keeper gave up on pictures")
    return {"pictures": len(pictures), "kept_s": seconds}
