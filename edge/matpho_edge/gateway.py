"""Everything wired: a thread a camera, one for each that tells of events, and a few that upload.

Whatever fails unforeseen stops the whole gateway, so that systemd starts it afresh; the spool loses nothing by it.
"""

import logging
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Event

import httpx
from prometheus_client import CollectorRegistry, start_http_server

from .camera import CameraWorker
from .clock import CheckedClock
from .config import Config
from .errors import ConfigError
from .events import ADAPTERS, listen
from .grants import Grants
from .metrics import GatewayCollector
from .sources import make_source
from .spool import Spool
from .upload import Uploader

log = logging.getLogger(__name__)

TIMEOUT_S = 20.0
IDLE_S = 0.2


def run_gateway(config: Config, stop: Event) -> None:
    """Run until told to stop, or until every source was a recording that ended and all of it is settled."""
    clock = CheckedClock(config.clock_tolerance_s)
    spool = Spool(config.spool, config.bundle)
    try:
        with httpx.Client(timeout=TIMEOUT_S, event_hooks={"response": [clock.hear]}) as http:
            uploader = Uploader(spool, Grants(http, config.api, config.token_file), http, clock)
            workers = [CameraWorker(one, make_source(one, clock, stop.wait), spool, clock) for one in config.cameras]
            _serve_metrics(config, spool, clock, workers)
            log.info("%d cameras, %d frames wait in the spool", len(workers), spool.load().frames)
            _Threads(config, spool, uploader, stop).run(workers)
    finally:
        spool.close()


def _serve_metrics(config: Config, spool: Spool, clock: CheckedClock, workers: list[CameraWorker]) -> None:
    """On the box itself only: whoever may ask from outside is the business of its Prometheus agent."""
    if config.metrics is None:
        return
    registry = CollectorRegistry()
    registry.register(GatewayCollector(spool, clock, {worker.camera_id: worker.life for worker in workers}))
    try:
        start_http_server(config.metrics.port, addr="127.0.0.1", registry=registry)
    except OSError as error:
        raise ConfigError(f"metrics.port: {config.metrics.port}: {error.strerror}") from error


@dataclass(frozen=True, slots=True)
class _Threads:
    config: Config
    spool: Spool
    uploader: Uploader
    stop: Event

    def run(self, workers: list[CameraWorker]) -> None:
        """Until all are done; what one of them raises ends the others, and is raised."""
        with ThreadPoolExecutor(max_workers=3 * len(workers)) as pool:
            cameras = [pool.submit(worker.run, self.stop) for worker in workers]
            uploads = [pool.submit(self._upload, cameras) for _ in workers[: self.config.uploads]]
            threads = [*cameras, *uploads, *self._listeners(pool, workers)]
            try:
                done, _ = wait(threads, return_when=FIRST_EXCEPTION)
            finally:
                self.stop.set()
        for thread in done:
            thread.result()

    def _upload(self, cameras: list[Future[None]]) -> None:
        while not self.stop.is_set():
            ended = all(camera.done() for camera in cameras)
            if self.uploader.step(flush=ended):
                continue
            if ended and not self.spool.load().objects:
                self.stop.set()
            self.stop.wait(IDLE_S)

    def _listeners(self, pool: ThreadPoolExecutor, workers: list[CameraWorker]) -> list[Future[None]]:
        return [
            pool.submit(listen, ADAPTERS[camera.events.adapter](camera.events), worker, self.stop)
            for camera, worker in zip(self.config.cameras, workers, strict=True)
            if camera.events is not None
        ]
