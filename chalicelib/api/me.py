"""Who the API takes somebody for, so that a page can show what there is to do and no more."""

from pydantic import BaseModel

from chalicelib.api.endpoints import Call, Routes
from chalicelib.domain.permissions import Permission, permissions_of

routes = Routes("me")


class Me(BaseModel):
    """A subject's grants as `role@area/kind`, its units, and what all that lets it do somewhere."""

    subject: str
    grants: tuple[str, ...]
    units: tuple[str, ...]
    permissions: tuple[Permission, ...]


@routes.get("/me", needs=Permission.PROFILE_READ)
def read_me(call: Call) -> Me:
    """Who you are here, and what you may do."""
    actor = call.actor
    return Me(
        subject=actor.subject,
        grants=tuple(map(str, actor.grants)),
        units=tuple(sorted(actor.units)),
        permissions=permissions_of(actor),
    )
