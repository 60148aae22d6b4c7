"""What Prometheus may ask. Counts come from the spool, so they go on where a killed gateway left them."""

from collections.abc import Iterator
from dataclasses import dataclass

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from .clock import CheckedClock
from .spool import Spool


@dataclass(slots=True)
class CameraLife:
    """What a camera did since the gateway was started."""

    looks: int = 0
    events: int = 0
    failures: int = 0
    last_look_s: float = 0.0


class GatewayCollector(Collector):
    """Reads spool, clock and cameras when it is asked."""

    def __init__(self, spool: Spool, clock: CheckedClock, cameras: dict[str, CameraLife]) -> None:
        self._spool = spool
        self._clock = clock
        self._cameras = cameras

    def collect(self) -> Iterator[Metric]:
        yield from self._collect_spool()
        yield from self._collect_cameras()
        correction = "seconds added to the box's clock to agree with the servers'"
        yield GaugeMetricFamily("matpho_edge_clock_correction_seconds", correction, self._clock.correction_s)

    def _collect_spool(self) -> Iterator[Metric]:
        frames = CounterMetricFamily(
            "matpho_edge_frames", "frames since the spool was made", labels=["camera", "outcome"]
        )
        for labels, count in self._spool.counts().items():
            frames.add_metric(labels, count)
        yield frames
        load = self._spool.load()
        age_s = (self._clock() - load.oldest_utc).total_seconds() if load.oldest_utc else 0.0
        yield GaugeMetricFamily("matpho_edge_spool_frames", "frames that wait", load.frames)
        yield GaugeMetricFamily("matpho_edge_spool_bytes", "bytes that wait", load.size_bytes)
        yield GaugeMetricFamily("matpho_edge_spool_oldest_seconds", "how long the oldest has waited", age_s)

    def _collect_cameras(self) -> Iterator[Metric]:
        looks = CounterMetricFamily("matpho_edge_looks", "pictures that the gate judged", labels=["camera"])
        events = CounterMetricFamily("matpho_edge_events", "events that the camera told of", labels=["camera"])
        failures = CounterMetricFamily("matpho_edge_source_failures", "times a source failed", labels=["camera"])
        last = GaugeMetricFamily("matpho_edge_last_look_timestamp_seconds", "the last picture", labels=["camera"])
        for camera_id, life in self._cameras.items():
            looks.add_metric([camera_id], life.looks)
            events.add_metric([camera_id], life.events)
            failures.add_metric([camera_id], life.failures)
            last.add_metric([camera_id], life.last_look_s)
        yield from (looks, events, failures, last)
