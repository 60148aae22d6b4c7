"""`python -m ops.explain INCIDENT`: judge an incident's evidence again, and say whether the decision is the same.

The sealed originals (or the frames, while they are there) go through the models at hand under the city pack that was in
force then. Exit code 0: equal. 1: something differs, and the table says what. 2: it can't be told, because pictures or
the pack are gone, or the models at hand are others than those that decided.
"""

from typing import Annotated

import typer
from rich.table import Table

from chalicelib import bootstrap, bootstrap_evidence, bootstrap_vision
from chalicelib.domain.audit import Act
from chalicelib.domain.city import CityPack
from chalicelib.domain.frames import parse_frame_key
from chalicelib.domain.incidents import Evidence, Incident
from chalicelib.errors import FrameRejected, NotFound
from chalicelib.flows.judge_again import Explanation, Finding, JudgeAgain
from chalicelib.store import clients
from chalicelib.store.pack_versions import S3PackVersions
from chalicelib.vision.observe import FaceSearch
from local.wiring import models_dir
from ops.console import table_console
from ops.deployment import Stack, deployment
from ops.dryrun_look import load_analyser

ACTOR, PURPOSE = "ops/explain", "whether a decision can be made again"
EVERY_LIKENESS = -1.0

_STYLES = {Finding.EQUAL: "green", Finding.UNKNOWN: "yellow"}


def main(
    incident_id: Annotated[str, typer.Argument(metavar="INCIDENT", help="the incident's id")],
    *,
    stack: Stack = None,
) -> None:
    """Judge an incident's evidence again with the recorded models and configuration."""
    with deployment(stack):
        incident = bootstrap.incidents().get(incident_id)
        if incident is None:
            raise NotFound(f"there is no incident {incident_id!r}")
        pack = _pack_of(incident)
        bootstrap.record_act(Act(ACTOR, PURPOSE, "originals_judged", f"incident/{incident.id}", bootstrap.clock()))
        explanation = JudgeAgain(load_analyser(models_dir()), _original, _search)(incident, pack)
    _print(incident, explanation)
    raise typer.Exit(0 if explanation.is_equal else 1 if explanation.is_known else 2)


def _pack_of(incident: Incident) -> CityPack:
    """The pack that was in force then; raises NotFound."""
    version = incident.provenance.config_version
    versions = S3PackVersions(clients.s3_client(), bootstrap.settings().config_bucket)
    pack = versions.version(version) or versions.in_force().pack
    if pack is None or pack.version != version:
        raise NotFound(f"the city pack of then, version {version!r}, is not kept")
    return pack


def _original(incident: Incident, seen: Evidence) -> bytes | None:
    """Sealed, or still among the frames."""
    vault = bootstrap_evidence.evidence_vault()
    numbers = [one.number for one in vault.pictures(incident.id) if one.frame_key == seen.frame_key]
    try:
        if numbers:
            return vault.original(incident.id, numbers[0])
        return bootstrap.frames().read(parse_frame_key(seen.frame_key, 0))
    except (NotFound, FrameRejected):
        return None


def _search(entry_id: str) -> FaceSearch | None:
    """For one entry, as long as its templates are in the list and of the embedder at hand."""
    snapshot = bootstrap_vision.watchlist().current()
    if snapshot is None or snapshot.embedder_digest != bootstrap_vision.embedder_digest():
        return None
    return FaceSearch(snapshot, EVERY_LIKENESS, frozenset({entry_id}))


def _print(incident: Incident, explanation: Explanation) -> None:
    console = table_console()
    table = Table(title=f"{incident.id}: {incident.kind} on {', '.join(incident.camera_ids) or 'the whole city'}")
    for heading in ("frame", "then", "now", "finding", "why"):
        table.add_column(heading, justify="right" if heading in {"then", "now"} else "left")
    for one in explanation.sightings:
        now = "-" if one.score is None else f"{one.score:.6f}"
        finding = f"[{_STYLES.get(one.finding, 'red')}]{one.finding.value}"
        table.add_row(one.seen.frame_key, f"{one.seen.score:.6f}", now, finding, one.why)
    console.print(table)
    print(f"city pack {incident.provenance.config_version}, as recorded")
    for job, digest in sorted(incident.provenance.model_digests.items()):
        _, now = explanation.other_models.get(job, (digest, ""))
        print(f"{job} {digest[:12]}, " + (f"but at hand is {now[:12]}" if now else "as recorded"))
    print(_verdict(explanation))


def _verdict(explanation: Explanation) -> str:
    if explanation.other_models:
        return "it can't be told: the models at hand are not those that decided; fetch those by their digests"
    if not explanation.is_known:
        return "it can't be told: not every sighting can be judged again"
    return "the decision is the same" if explanation.is_equal else "the decision differs: see the table"


if __name__ == "__main__":
    typer.run(main)
