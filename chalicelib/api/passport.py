"""What the authoriser tells the API about whoever asks: one string, as API Gateway carries no more than that.

The gateway keeps the authoriser's word for a minute, longer than a token may have to live, so the time at which it
expires travels along and is looked at again with every request.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from chalicelib.domain.people import Actor, read_grants
from chalicelib.errors import NotIdentified

CONTEXT_KEY = "passport"


class Passport(BaseModel):
    """An actor as it travels, and until when it is one."""

    model_config = ConfigDict(frozen=True)

    subject: str
    grants: tuple[str, ...]
    units: tuple[str, ...]
    cameras: tuple[str, ...]
    expires_at_utc: datetime

    @classmethod
    def of(cls, actor: Actor, *, expires_at_utc: datetime) -> "Passport":
        return cls(
            subject=actor.subject,
            grants=tuple(map(str, actor.grants)),
            units=tuple(sorted(actor.units)),
            cameras=tuple(sorted(actor.cameras)),
            expires_at_utc=expires_at_utc,
        )

    def actor(self, at_utc: datetime) -> Actor:
        """Whoever it is; raises NotIdentified when it has expired."""
        if at_utc >= self.expires_at_utc:
            raise NotIdentified("the token has expired")
        return Actor(self.subject, read_grants(self.grants), frozenset(self.units), frozenset(self.cameras))
