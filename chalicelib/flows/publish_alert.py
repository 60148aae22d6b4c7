"""Tell the units of a timeline event. The timeline is the outbox, so this may run twice and must never be skipped."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.domain.alerts import render_alert
from chalicelib.domain.city import CityPack
from chalicelib.domain.incidents import EventType, TimelineEvent
from chalicelib.domain.routing import is_unrouted
from chalicelib.store.ports import AlertBus, Clock


@dataclass(frozen=True, slots=True)
class PublishAlert:
    """A candidate that people haven't confirmed is told to nobody; what no route sends to a unit is counted."""

    bus: AlertBus
    pack: Callable[[], CityPack]
    clock: Clock
    count_unrouted: Callable[[TimelineEvent], None]

    def __call__(self, event: TimelineEvent) -> None:
        """Publish an event's alert under the event's own id; raises Transient when the bus fails."""
        if not event.is_told:
            return
        pack = self.pack()
        self.bus.publish(render_alert(event, pack, published_at_utc=self.clock()))
        if event.type is EventType.OPENED and is_unrouted(pack, event.incident.routed):
            self.count_unrouted(event)
