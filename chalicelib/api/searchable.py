"""Whether somebody on a list could be searched for, where and when: from the ledger, after the photographs are gone."""

from datetime import UTC, date, datetime, time, timedelta

from pydantic import BaseModel, Field

from chalicelib import bootstrap_law
from chalicelib.api.endpoints import Strict
from chalicelib.api.fields import Day, Instant
from chalicelib.domain.deeds import Span
from chalicelib.domain.mandate import searchable_where
from chalicelib.domain.watchlists import Entry


class SearchableQuery(Strict):
    day: Day = Field(lt=date(9999, 1, 1), description="In UTC.")

    @property
    def span(self) -> Span:
        begin = datetime.combine(self.day, time(), UTC)
        return Span(begin, begin + timedelta(days=1))


class SearchableView(BaseModel):
    """When the person could be searched for on a camera."""

    camera_id: str
    from_: Instant = Field(serialization_alias="from")
    until: Instant


class SearchableList(BaseModel):
    """All of it, by camera; nothing where nobody could be searched for."""

    entry_id: str
    items: tuple[SearchableView, ...]


def searchable_within(entry: Entry, span: Span) -> tuple[SearchableView, ...]:
    """Where an entry could be searched within a stretch of time: in force, and inside an authorisation."""
    deeds, authorisations = bootstrap_law.entries().deeds(entry.id), bootstrap_law.authorisations()
    where = searchable_where(deeds, (*authorisations.current(), *authorisations.over()), span)
    return tuple(
        SearchableView(camera_id=camera_id, from_=one.from_utc, until=one.until_utc)
        for camera_id, spans in sorted(where.items())
        for one in spans
    )
