"""Whether the service answers, and which stage of it."""

from chalice.app import Blueprint

from chalicelib.settings import read_settings

routes = Blueprint(__name__)


@routes.route("/health")
def health() -> dict[str, str]:
    """For load balancers and people: open to all, says nothing that isn't public."""
    return {"status": "ok", "service": "matpho", "stage": read_settings().stage}
