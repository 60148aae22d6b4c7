"""Ten thousand random histories of frames, commands and sweeps, held against a second account of the rules.

The account below is written from what was asked for and not from the code: which status may follow which, who must have
confirmed a candidate, and what must be true of every history at every moment.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.city import Escalation, EscalationStep
from chalicelib.domain.handled import Command
from chalicelib.domain.incidents import EventType, Incident, Reason, TimelineEvent
from chalicelib.domain.judging import version_for
from chalicelib.domain.lifecycle import BY_PEOPLE, Action
from chalicelib.errors import InvalidInput, Permanent, StaleVersion, WrongState
from tests.unit.chain import Chain

HISTORIES = 10_000

HELD, OPEN, ACKNOWLEDGED, WORKING, RESOLVED, DISMISSED = (
    "awaiting_confirmation",
    "open",
    "acknowledged",
    "in_progress",
    "resolved",
    "dismissed",
)
MAY_FOLLOW = {
    HELD: {HELD, OPEN, DISMISSED},
    OPEN: {OPEN, ACKNOWLEDGED, WORKING, RESOLVED, DISMISSED},
    ACKNOWLEDGED: {ACKNOWLEDGED, OPEN, WORKING, RESOLVED, DISMISSED},
    WORKING: {WORKING, OPEN, RESOLVED, DISMISSED},
    RESOLVED: {RESOLVED, OPEN},
    DISMISSED: {DISMISSED, OPEN},
}
MAY_ASK = {
    HELD: {"confirm", "reject", "comment"},
    OPEN: {"acknowledge", "start", "resolve", "dismiss", "transfer", "assign", "check", "comment"},
    ACKNOWLEDGED: {"start", "resolve", "dismiss", "transfer", "assign", "check", "comment"},
    WORKING: {"resolve", "dismiss", "transfer", "assign", "check", "comment"},
    RESOLVED: {"reopen", "comment"},
    DISMISSED: {"reopen", "comment"},
}
CAMERAS = ("tv-1", "tv-2", "tv-4", "tv-5")
"""Two neighbours, one that looks for people, one at the other end of the city."""


@dataclass(frozen=True)
class Show:
    """A camera sends three frames in a row."""

    camera_id: str
    script: str


@dataclass(frozen=True)
class Wait:
    """Time passes and the sweep comes by."""

    by_s: int


@dataclass(frozen=True)
class Ask:
    """Somebody asks something of one of the incidents, having seen its newest version or an older one."""

    which: int
    action: Action
    by: str
    versions_behind: int


steps = st.one_of(
    st.builds(Show, st.sampled_from(CAMERAS), st.sampled_from(["", "flood", "flood", "fire_smoke", "face:entry-1"])),
    st.builds(Wait, st.sampled_from([5, 60, 400, 2000, 90_000])),
    st.builds(
        Ask, st.integers(0, 3), st.sampled_from(sorted(BY_PEOPLE)), st.sampled_from("ab"), st.sampled_from([0, 0, 0, 1])
    ),
)


class History:
    """A city in memory, its time, and every event in the order of its birth."""

    def __init__(self) -> None:
        chain = self.chain = Chain()
        kinds = tuple(replace(one, join_radius_m=300, cooldown_s=600, burst_count=0) for one in chain.pack.kinds)
        floods = Escalation("floods", ("flood",), (EscalationStep(120, ("fire",)),), repeats=1)
        chain.pack = replace(chain.pack, kinds=kinds, escalations=(floods,), windows=())
        self.at_s = 0.0

    def take(self, step: Show | Wait | Ask) -> None:
        if isinstance(step, Show):
            self.chain.deliver(*(self._frame(step) for _ in range(3)))
        elif isinstance(step, Wait):
            self.at_s += step.by_s
            self.chain.now += timedelta(seconds=step.by_s)
            self.chain.sweep()
        elif self.chain.incidents:
            self._ask(step)

    def _frame(self, show: Show):  # type: ignore[no-untyped-def]  # noqa: ANN202
        self.at_s += 5
        return self.chain.put(self.at_s, show.script, camera_id=show.camera_id)

    def _ask(self, ask: Ask) -> None:
        incident = self.chain.incidents[ask.which % len(self.chain.incidents)]
        command = Command(
            ask.action,
            ask.by,
            version_for(incident, ask.by) - ask.versions_behind,
            f"key-{self.at_s}-{incident.version}",
            text="as said",
            reason=Reason.OTHER,
            units=("fire",),
            assignee="team",
            step="no such step",
        )
        refused = self._refused(incident, command)
        before = dict(self.chain.store.incidents)
        assert bool(refused) == (not _is_allowed(incident, command)), (incident.status, command, refused)
        if refused:
            assert before == self.chain.store.incidents
            assert refused.args[0], "a refusal without a word"

    def _refused(self, incident: Incident, command: Command) -> Permanent | None:
        try:
            self.chain.command(incident.id, command)
        except (StaleVersion, WrongState, InvalidInput) as refused:
            return refused
        return None


def _is_allowed(incident: Incident, command: Command) -> bool:
    if command.version != version_for(incident, command.by) or command.action == "check":
        return False
    if command.action == "confirm" and command.by in {review.by for review in incident.handling.reviews}:
        return False
    if command.action == "reopen" and incident.kind == "watchlist_candidate" and len(_confirmers(incident)) < 2:
        return False
    return command.action in MAY_ASK[incident.status]


def _confirmers(incident: Incident) -> set[str]:
    return {review.by for review in incident.handling.reviews if review.confirmed}


def numbers_have_no_gap_and_no_double(timeline: tuple[TimelineEvent, ...], incident: Incident) -> bool:
    return [event.number for event in timeline] == list(range(1, incident.version + 1))


def statuses_follow_each_other(timeline: tuple[TimelineEvent, ...], incident: Incident) -> bool:
    told = [event.incident.status for event in timeline]
    legal = all(after in MAY_FOLLOW[before] for before, after in pairwise(told))
    return legal and told[0] in {HELD, OPEN} and told[-1] == incident.status


def nobody_hears_of_a_candidate_before_two_confirmed_it(
    timeline: tuple[TimelineEvent, ...], incident: Incident
) -> bool:
    if incident.kind != "watchlist_candidate":
        return timeline[0].is_told
    confirmed = [event for event in timeline if event.type is EventType.CONFIRMED]
    told = [event.number for event in timeline if event.is_told]
    if not confirmed:
        return not told
    return min(told) == confirmed[0].number and len(_confirmers(confirmed[0].incident)) == 2


def what_lives_is_due_and_what_ended_is_not(_: tuple[TimelineEvent, ...], incident: Incident) -> bool:
    lives = incident.status in {HELD, OPEN, ACKNOWLEDGED, WORKING}
    return lives == (incident.due_utc is not None)


def alerts_replace_the_one_told_before(timeline: tuple[TimelineEvent, ...], _: Incident) -> bool:
    told = [event for event in timeline if event.is_told]
    replaced = [event.replaces.number if event.replaces else None for event in told]
    return replaced == [None, *(event.number for event in told)][: len(told)]


TRUE_OF_EVERY_INCIDENT: tuple[Callable[[tuple[TimelineEvent, ...], Incident], bool], ...] = (
    numbers_have_no_gap_and_no_double,
    statuses_follow_each_other,
    nobody_hears_of_a_candidate_before_two_confirmed_it,
    what_lives_is_due_and_what_ended_is_not,
    alerts_replace_the_one_told_before,
)


def check(history: History) -> None:
    for incident in history.chain.incidents:
        timeline = history.chain.store.timeline(incident.id)
        for rule in TRUE_OF_EVERY_INCIDENT:
            assert rule(timeline, incident), rule.__name__
    followed = [one.incident_id for one in history.chain.cameras.tracked_incidents()]
    seen = {one.id for one in history.chain.incidents}
    assert set(followed) <= seen


@settings(max_examples=HISTORIES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(st.lists(steps, min_size=1, max_size=14))
def test_no_history_breaks_the_rules(history_steps: list[Show | Wait | Ask]) -> None:
    history = History()
    for step in history_steps:
        history.take(step)
        check(history)
