"""What the law's reports tell: gathered from a deployment once, so that the texts are only texts."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib import bootstrap, bootstrap_law
from chalicelib.domain.audit import Act
from chalicelib.domain.authorisations import Authorisation
from chalicelib.domain.city import CityPack
from chalicelib.domain.deeds import Span
from chalicelib.domain.incidents import Incident
from chalicelib.domain.kinds import WATCHLIST_CANDIDATE
from chalicelib.domain.outcomes import Outcome, Verdict, tally, told_of_erased, verdict_of, verdict_of_erased
from chalicelib.domain.watchlists import Entry


@dataclass(frozen=True, slots=True)
class Facts:
    """A stretch of time of one deployment."""

    span: Span
    pack: CityPack
    entries: tuple[Entry, ...]
    authorisations: tuple[Authorisation, ...]
    holds: int
    incidents: tuple[Incident, ...]
    acts: tuple[Act, ...]

    @property
    def face_cameras(self) -> int:
        return sum(self.pack.profile(camera).faces for camera in self.pack.cameras)

    @property
    def actions(self) -> Counter[str]:
        """How often each act is in the audit."""
        return Counter(act.action for act in self.acts)

    def by_kind(self) -> tuple[Outcome, ...]:
        """What people made of incidents and candidates, kind by kind."""
        return tally([*((one.kind, verdict_of(one)) for one in self.incidents), *self._erased("kind")])

    def candidates_by(self, group: str) -> tuple[Outcome, ...]:
        """What people made of candidates, by `camera`, `area` or `list`, so that one that fares worse is seen."""
        live = (one for one in self.incidents if one.kind == WATCHLIST_CANDIDATE)
        return tally([*((told_of_erased(one)[group], verdict_of(one)) for one in live), *self._erased(group)])

    def _erased(self, group: str) -> Iterator[tuple[str, Verdict]]:
        """Candidates that are erased, by what the audit keeps of them."""
        for act in self.acts:
            if act.action == "incident_erased" and act.details.get("kind") == WATCHLIST_CANDIDATE:
                yield act.details.get(group, "?"), verdict_of_erased(act.details["because"])


def gather(since_utc: datetime, until_utc: datetime) -> Facts:
    """Read a stretch of time from the deployment that is set; entries and authorisations that touch it."""
    span = Span(since_utc, until_utc)
    entries = (*bootstrap_law.entries().current(), *bootstrap_law.entries().over())
    given = (*bootstrap_law.authorisations().current(), *bootstrap_law.authorisations().over())
    return Facts(
        span=span,
        pack=bootstrap.city_packs().current(),
        entries=tuple(one for one in entries if _held(one).cut(span)),
        authorisations=tuple(one for one in given if one.in_force and one.in_force.cut(span)),
        holds=len(bootstrap_law.holds().current()),
        incidents=tuple(
            one
            for one in bootstrap.incidents().changed_since(since_utc)
            if one.first_seen_utc < until_utc and not one.exercise
        ),
        acts=tuple(_acts(span)),
    )


def _held(entry: Entry) -> Span:
    """While anything biometric of an entry was kept."""
    end = entry.erased_at_utc or entry.requested_at_utc + timedelta(days=36500)
    return Span(entry.requested_at_utc, end)


def _acts(span: Span) -> Iterator[Act]:
    for day in _days(span):
        for record in bootstrap_law.audit_log().read(day):
            if span.from_utc <= record.act.at_utc < span.until_utc:
                yield record.act


def _days(span: Span) -> Iterator[date]:
    day = span.from_utc.date()
    while day <= span.until_utc.date():
        yield day
        day += timedelta(days=1)
