"""Everything that decides, on stores in memory, with a clock that is turned by hand."""

from datetime import datetime

from chalicelib.domain.authorisations import Authorisation
from chalicelib.domain.city import CityPack
from chalicelib.domain.mandate import Mandate
from chalicelib.domain.retention import Hold
from chalicelib.domain.watchlists import Entry
from chalicelib.flows.change_authorisations import ChangeAuthorisations, ChangeHolds
from chalicelib.flows.change_watchlist import ChangeWatchlist
from chalicelib.flows.do_deeds import DoDeed, MendMandate, PublishMandate
from chalicelib.flows.keep_audit import RecordAct
from chalicelib.store.fakes import FakeCameraStore, FakeIncidentStore
from chalicelib.store.law_fakes import FakeAuditLog, FakeDeedStore, FakeHeldFrames, FakeMandateBoard
from city.reading import read_pack
from tests.unit.chain import TESTVILLE
from tests.unit.law_samples import NOON


class Desk:
    """The flows of the law as bootstrap_law wires them."""

    def __init__(self) -> None:
        self.now = NOON
        self.pack: CityPack = read_pack(TESTVILLE)
        self.log = FakeAuditLog()
        self.board = FakeMandateBoard()
        self.entries: FakeDeedStore[Entry] = FakeDeedStore()
        self.authorisations: FakeDeedStore[Authorisation] = FakeDeedStore()
        self.holds: FakeDeedStore[Hold] = FakeDeedStore()
        self.publish = PublishMandate(self.entries, self.authorisations, self.board, self.clock)
        self.mend = MendMandate(self.publish, lambda: self.board.published[-1] if self.board.published else None)
        record = RecordAct(self.log)
        self.do_entry = DoDeed("entry", self.entries, record, self.publish)
        self.do_authorisation = DoDeed("authorisation", self.authorisations, record, self.publish)
        self.do_hold = DoDeed("hold", self.holds, record, lambda: None)
        self.watchlist = ChangeWatchlist(self.entries, self.do_entry, lambda: self.pack, self.clock)
        self.authorise = ChangeAuthorisations(self.authorisations, self.do_authorisation, lambda: self.pack, self.clock)
        self.incidents = FakeIncidentStore(FakeCameraStore())
        self.held = FakeHeldFrames(clock=self.clock)
        self.holding = ChangeHolds(self.holds, self.do_hold, self.incidents.get, self.held, self.clock)

    def clock(self) -> datetime:
        return self.now

    @property
    def mandate(self) -> Mandate:
        return self.board.published[-1]
