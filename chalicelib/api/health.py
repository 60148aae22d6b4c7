"""Whether the service answers, and which stage of it."""

from pydantic import BaseModel

from chalicelib.api.endpoints import Routes
from chalicelib.settings import read_settings

routes = Routes("health")


class Health(BaseModel):
    """That it answers says the most of it."""

    status: str = "ok"
    service: str = "matpho"
    stage: str


@routes.get("/health", needs=None)
def health() -> Health:
    """Whether the API answers, for load balancers and people: open to all, says nothing that isn't public."""
    return Health(stage=read_settings().stage)
