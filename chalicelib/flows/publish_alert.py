"""Tell the units of a timeline event. The timeline is the outbox, so this may run twice and must never be skipped."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.domain.alerts import is_held, render_alert
from chalicelib.domain.city import CityPack
from chalicelib.domain.incidents import TimelineEvent
from chalicelib.store.ports import AlertBus, Clock


@dataclass(frozen=True, slots=True)
class PublishAlert:
    """A candidate that people haven't confirmed is told to nobody."""

    bus: AlertBus
    pack: Callable[[], CityPack]
    clock: Clock

    def __call__(self, event: TimelineEvent) -> None:
        """Publish an event's alert under the event's own id; raises Transient when the bus fails."""
        if not is_held(event):
            self.bus.publish(render_alert(event, self.pack(), published_at_utc=self.clock()))
