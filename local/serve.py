"""`python -m local.serve`: the API over a city on a laptop, with an issuer of its own, until Ctrl-C.

Frames that are uploaded by a grant are analysed as in the deployment, and the sweep runs every minute.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import boto3
import typer
from botocore.config import Config

import app
from chalicelib import bootstrap, bootstrap_evidence, bootstrap_law, bootstrap_vision
from chalicelib.domain.city import CityPack
from chalicelib.domain.people import Role
from chalicelib.errors import MatphoError
from chalicelib.store.lent_pictures import S3PictureDesk, S3ReviewDesk
from chalicelib.store.uploads import S3PortraitDesk, S3UploadDesk
from chalicelib.telemetry import logger
from city.reading import read_pack
from local.city import City, running_city
from local.clock import now
from local.cloud import environment
from local.gateway import PORT, Front, Gateway, listening
from local.issuer import ENVIRONMENT, KEY_FILE, Issuer, kept_issuer
from local.joining import JOIN_FILE, joinable
from local.keeping import each_minute, keep_lists_and_law
from local.replay import CITY
from local.sample import happen
from local.sample_pictures import DrawsWhatNobodySends

PUMP_EVERY_S = 1.0


def main(
    *,
    city: Annotated[Path, typer.Option(help="another city pack")] = CITY,
    port: Annotated[int, typer.Option(help="on this machine only; 0 for any that is free")] = PORT,
    sample: Annotated[
        bool, typer.Option(help="begin with an incident of each kind, and cameras that are heard of")
    ] = False,
) -> None:
    """Serve the API and print where, and tokens to call it with."""
    with until_stopped():
        issuer = kept_issuer(KEY_FILE)
        with serving(read_pack(city), issuer, port=port, sample=sample, join_file=JOIN_FILE) as address:
            _say_how(address, issuer)
            threading.Event().wait()


@contextmanager
def until_stopped() -> Iterator[None]:
    """Ctrl-C is the way to end it; what goes wrong is one line on standard error and exit code 2."""
    logger.setLevel("WARNING")
    try:
        yield
    except (MatphoError, OSError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from error
    except KeyboardInterrupt:
        print("stopped")


@contextmanager
def serving(
    pack: CityPack,
    issuer: Issuer,
    *,
    port: int = PORT,
    sample: bool = False,
    join_file: Path | None = None,
    clock: Callable[[], datetime] = now,
    front: Callable[[Gateway], Front] = lambda gateway: gateway,
    each_second: Callable[[datetime], None] = lambda _: None,
) -> Iterator[str]:
    """Run a city and its API; gives the API's address.

    `front` may put something before the API, `each_second` may let things happen; no request is answered meanwhile.
    `join_file` tells other commands how to join, as long as the city runs.
    """
    parts = {"clock": clock, "signing_keys": issuer.jwks}
    with environment(ENVIRONMENT), running_city(pack, start_utc=clock(), parts=parts) as running:
        # Parts that need the city; they are put back with the others when the city stops.
        setattr(bootstrap, "uploads", lambda: _upload_desk(running))  # noqa: B010 - mypy takes a cached one only
        setattr(bootstrap_law, "portrait_desk", lambda: _portrait_desk(running))  # noqa: B010 - as above
        setattr(bootstrap_evidence, "picture_desk", lambda: _picture_desk(running))  # noqa: B010 - as above
        setattr(bootstrap_evidence, "review_desk", lambda: _review_desk(running))  # noqa: B010 - as above
        if sample:
            keeper = DrawsWhatNobodySends(bootstrap_vision.keep_evidence(), clock)
            setattr(bootstrap_vision, "keep_evidence", lambda: keeper)  # noqa: B010 - as above
            vault = bootstrap_evidence.evidence_vault()
            happen(pack, bootstrap.cameras(), bootstrap.incidents(), vault, at_utc=clock())
        gateway, keep_up = Gateway(app.app), each_minute(keep_lists_and_law, clock)

        def pump() -> None:
            each_second(clock())
            running.settle(clock())
            running.pump.keep_evidence()
            keep_up()

        joined = nullcontext() if join_file is None else joinable(running.cloud_url, join_file)
        with listening(front(gateway), port) as address, _pumping(pump, gateway.lock), joined:
            yield address


@contextmanager
def _pumping(pump: Callable[[], None], lock: threading.Lock) -> Iterator[None]:
    """Let events arrive every second, never while a request is answered."""
    stop = threading.Event()

    def keep_on() -> None:
        while not stop.wait(PUMP_EVERY_S):
            with lock:
                pump()

    thread = threading.Thread(target=keep_on, name="pump", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _upload_desk(running: City) -> S3UploadDesk:
    return S3UploadDesk(_signer(running), running.frames_bucket, clock=now)


def _portrait_desk(running: City) -> S3PortraitDesk:
    return S3PortraitDesk(_signer(running), bootstrap_law.law_settings().biometrics_bucket, clock=now)


def _picture_desk(running: City) -> S3PictureDesk:
    settings = bootstrap_evidence.evidence_settings()
    return S3PictureDesk(_signer(running), settings.evidence_bucket, settings.sealed_bucket, clock=now)


def _review_desk(running: City) -> S3ReviewDesk:
    return S3ReviewDesk(_signer(running), bootstrap_law.law_settings().biometrics_bucket, clock=now)


def _signer(running: City) -> Any:
    """For forms and pictures that lead to the local cloud, where other processes reach it."""
    return boto3.client("s3", endpoint_url=running.cloud_url, config=Config(signature_version="s3v4"))


def _say_how(address: str, issuer: Issuer) -> None:
    token = issuer.token("olga", grants=[f"{Role.IOC_OPERATOR}@*"])
    print(f"the API answers at {address}; stop it with Ctrl-C")
    print("python -m ops.token ROLE@AREA makes a token for anybody, such as this one for the operations centre:")
    print(f"  curl -H 'Authorization: Bearer {token}' {address}/incidents")
    say_how_to_join()


def say_how_to_join() -> None:
    """Where the commands of docs/runbook.md find this city."""
    print(f"to work on it with ops/ in another terminal, run `. {os.path.relpath(JOIN_FILE)}` there first")


if __name__ == "__main__":
    typer.run(main)
