"""Tell the units of a timeline event. The timeline is the outbox, so this may run twice and must never be skipped."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.domain.alerts.model import alert_of
from chalicelib.domain.city import CityPack
from chalicelib.domain.incidents import EventType, TimelineEvent
from chalicelib.domain.routing import is_unrouted
from chalicelib.store.ports import AlertBus, Clock


@dataclass(frozen=True, slots=True)
class PublishAlert:
    """A candidate that people haven't confirmed is told to nobody.

    What no route sends to a unit is counted, and so is what nobody answers, because both need somebody; no exercise is.
    """

    bus: AlertBus
    pack: Callable[[], CityPack]
    clock: Clock
    count_unrouted: Callable[[TimelineEvent], None]
    count_unanswered: Callable[[TimelineEvent], None]

    def __call__(self, event: TimelineEvent) -> None:
        """Publish an event's alert under the event's own id; raises Transient when the bus fails."""
        if not event.is_told:
            return
        pack = self.pack()
        self.bus.publish(alert_of(event, pack, published_at_utc=self.clock()))
        if not event.incident.exercise:
            self._count(event, pack)

    def _count(self, event: TimelineEvent, pack: CityPack) -> None:
        if event.type is EventType.OPENED and is_unrouted(pack, event.incident.routed):
            self.count_unrouted(event)
        if event.type is EventType.UNANSWERED:
            self.count_unanswered(event)
