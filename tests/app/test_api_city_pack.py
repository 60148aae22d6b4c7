"""The city changed over the API: a camera's view or the pack as a whole, on the version that was seen, and audited."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.city import CityPack, Mask
from chalicelib.store.packs import pack_to_json, versioned
from tests.app.calling import Caller
from tests.unit.happenings import opened

MASK = {"kinds": ["fire_smoke"], "polygon_rel": [[0.0, 0.0], [0.5, 0.0], [0.5, 0.5]]}
NIGHT = {"kinds": ["congestion"], "hours": [{"start": "22:00", "until": "06:00", "days": ["mon", "tue"]}]}
LANE = {"id": "to-town", "polygon_rel": [[0.0, 0.0], [0.5, 0.0], [0.5, 0.5]]}
CROWD = {"people": 9, "zone_rel": [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]]}
OF_PROFILE: dict[str, Any] = {"road_zone_rel": None, "road_zones": [], "stopped_after_s": None, "crowd": None}
VIEW = {"profile": "street", "masks": [MASK], "schedules": [NIGHT], **OF_PROFILE, "purpose": "a new lamp"}


@pytest.fixture
def operator(api: Caller) -> Caller:
    return api.by("camera_operator@*", subject="hoa")


@pytest.fixture
def administrator(api: Caller) -> Caller:
    return api.by("administrator@*", subject="quan")


def as_json(pack: CityPack) -> Any:
    return json.loads(pack_to_json(pack))


def renamed(pack: CityPack) -> CityPack:
    return versioned(replace(pack, name_en="Newville"))


def etag(api: Caller, path: str = "/cameras/tv-1/view") -> str:
    return str(api.get(path).headers["ETag"])


def test_what_is_set_on_a_camera_is_in_force_and_read_back(operator: Caller) -> None:
    before = operator.get("/cameras/tv-1/view").json_body
    answer = operator.put("/cameras/tv-1/view", VIEW, If_Match=etag(operator))
    assert answer.status_code == 200
    after = operator.get("/cameras/tv-1/view").json_body
    assert after == answer.json_body
    assert (after["masks"], after["schedules"]) == ([MASK], [NIGHT])
    assert after["effective"]["masks"] == [*before["effective"]["masks"], MASK]
    assert after["version"].endswith(".edited")
    in_force = operator.versions.packs[-1]
    camera = in_force.camera("tv-1")
    assert camera is not None
    mask = Mask(((0.0, 0.0), (0.5, 0.0), (0.5, 0.5)), ("fire_smoke",))
    assert in_force.profile(camera).masks[-1] == mask
    assert in_force.cameras[1:] == operator.pack.cameras[1:]


def test_zones_and_limits_of_the_street_are_set_on_one_camera(operator: Caller) -> None:
    street = {"road_zones": [LANE], "stopped_after_s": 120.0, "crowd": CROWD}
    set_anew = operator.put("/cameras/tv-1/view", {**VIEW, **street}, If_Match=etag(operator)).json_body
    assert {name: set_anew[name] for name in street} == street
    assert {name: set_anew["effective"][name] for name in street} == street
    assert operator.audit.records[-1].act.details["changed"] == "masks schedules road_zones stopped_after_s crowd"


def test_camera_may_be_spared_what_its_profile_looks_for(operator: Caller) -> None:
    """No seconds aren't the profile's seconds."""
    quay = "/cameras/tv-5/view"
    assert operator.get(quay).json_body["stopped_after_s"] == 300
    operator.put(quay, {**VIEW, "stopped_after_s": 0}, If_Match=etag(operator, quay))
    told = operator.get(quay).json_body
    assert (told["stopped_after_s"], told["effective"]["stopped_after_s"]) == (0, 0)
    assert (told["road_zones"], told["crowd"]) == ([], None)


def test_change_of_a_camera_is_in_the_audit_with_both_versions(operator: Caller) -> None:
    operator.put("/cameras/tv-1/view", VIEW, If_Match=etag(operator))
    (record,) = operator.audit.records
    act = record.act
    assert (act.actor, act.purpose, act.action, act.subject) == ("hoa", "a new lamp", "camera_changed", "camera/tv-1")
    assert act.details == {
        "before": operator.pack.version,
        "after": operator.versions.packs[-1].version,
        "changed": "masks schedules",
    }


def test_second_of_two_who_saw_the_same_is_told_what_it_is_now(operator: Caller) -> None:
    seen = etag(operator)
    operator.put("/cameras/tv-1/view", VIEW, If_Match=seen)
    late = operator.put("/cameras/tv-1/view", {**VIEW, "masks": []}, If_Match=seen)
    assert late.status_code == 409
    assert late.json_body["current"]["masks"] == [MASK]
    assert operator.versions.packs[-1].camera("tv-1").masks  # type: ignore[union-attr]  # it is there


def test_setting_what_is_set_already_makes_no_new_version(operator: Caller) -> None:
    operator.put("/cameras/tv-1/view", VIEW, If_Match=etag(operator))
    assert operator.put("/cameras/tv-1/view", VIEW, If_Match=etag(operator)).status_code == 200
    assert len(operator.versions.packs) == 2


@pytest.mark.parametrize(
    "header",
    [
        pytest.param({}, id="none"),
        pytest.param({"If_Match": "*"}, id="whatever it is"),
        pytest.param({"If_Match": 'W/"1"'}, id="a weak one"),
        pytest.param({"If_Match": '"1", "2"'}, id="two"),
    ],
)
def test_nothing_is_replaced_that_nobody_has_looked_at(operator: Caller, header: Mapping[str, str]) -> None:
    assert operator.put("/cameras/tv-1/view", VIEW, **header).status_code == 422
    assert len(operator.versions.packs) == 1


@pytest.mark.parametrize(
    ("change", "at"),
    [
        pytest.param({"profile": "alley"}, "body.profile", id="a profile that there is not"),
        pytest.param({"masks": [{**MASK, "kinds": ["ufo"]}]}, "body.masks[0].kinds[0]", id="a kind that there is not"),
        pytest.param({"road_zone_rel": [[0, 0], [1, 1]]}, "body.road_zone_rel", id="a line for a zone"),
        pytest.param({"masks": [{**MASK, "polygon_rel": [[0, 0], [2, 0], [1, 1]]}]}, "body.masks", id="outside"),
        pytest.param({"schedules": [{**NIGHT, "hours": []}]}, "body.schedules", id="hours that are none"),
        pytest.param({"road_zones": [LANE, LANE]}, "body.road_zones", id="two zones of one name"),
        pytest.param({"crowd": {**CROWD, "people": 0}}, "body.crowd.people", id="a crowd of nobody"),
        pytest.param({"profile": "lane", "crowd": CROWD}, "body.crowd", id="a crowd where nobody is looked for"),
        pytest.param({"purpose": ""}, "body.purpose", id="no purpose"),
    ],
)
def test_view_that_does_not_hold_is_refused_at_its_place(operator: Caller, change: dict[str, Any], at: str) -> None:
    answer = operator.put("/cameras/tv-1/view", {**VIEW, **change}, If_Match=etag(operator))
    assert answer.status_code == 422
    assert answer.json_body["errors"][0]["at"].startswith(at)
    assert len(operator.versions.packs) == 1
    assert operator.audit.records == []


def test_who_looks_after_cameras_can_not_have_faces_looked_for(operator: Caller) -> None:
    """Designating a camera for faces is a matter of the city pack."""
    gate = {**VIEW, "profile": "gate-faces"}
    assert operator.put("/cameras/tv-1/view", gate, If_Match=etag(operator)).status_code == 403
    operator.by("administrator@*")
    assert operator.put("/cameras/tv-1/view", gate, If_Match=etag(operator)).status_code == 200


def test_wards_camera_operator_keeps_to_the_ward(api: Caller) -> None:
    api.by("camera_operator@harbour")
    assert api.put("/cameras/tv-1/view", VIEW, If_Match=f'"{api.pack.version}"').status_code == 404
    assert api.put("/cameras/tv-5/view", VIEW, If_Match=f'"{api.pack.version}"').status_code == 200


def test_diff_shows_what_would_change_and_changes_nothing(administrator: Caller) -> None:
    after = renamed(administrator.pack)
    told = administrator.post("/city/diffs", {"pack": as_json(after)}).json_body
    assert (told["before"], told["after"], told["blocked"]) == (administrator.pack.version, after.version, [])
    (change,) = told["changes"]
    assert (change["item"], change["before"], change["after"]) == ("name_en", administrator.pack.name_en, "Newville")
    assert administrator.versions.packs == [administrator.pack]
    assert administrator.audit.records == []


def test_pack_that_is_put_is_in_force_and_in_the_audit(administrator: Caller) -> None:
    after = renamed(administrator.pack)
    body = {"pack": as_json(after), "purpose": "a new name"}
    answer = administrator.put("/city", body, If_Match=etag(administrator, "/city"))
    assert answer.json_body == {"before": administrator.pack.version, "after": after.version, "changes": 1}
    assert administrator.versions.packs[-1] == after
    assert administrator.get("/city").json_body["version"] == after.version
    (record,) = administrator.audit.records
    assert (record.act.actor, record.act.purpose, record.act.action) == ("quan", "a new name", "city_changed")
    assert record.act.details["before"] == administrator.pack.version


def test_what_is_put_a_second_time_because_nobody_answered_is_there_already(administrator: Caller) -> None:
    """The function may have died after it was in force; the one who put it must not be told of somebody else."""
    seen, wish = etag(administrator, "/city"), {"pack": as_json(renamed(administrator.pack)), "purpose": "a name"}
    assert [administrator.put("/city", wish, If_Match=seen).status_code for _ in range(2)] == [200, 200]
    seen = etag(administrator)
    assert [administrator.put("/cameras/tv-1/view", VIEW, If_Match=seen).status_code for _ in range(2)] == [200, 200]
    assert [one.act.action for one in administrator.audit.records] == ["city_changed", "camera_changed"]


def test_pack_is_not_put_over_one_that_nobody_has_seen(administrator: Caller) -> None:
    seen = etag(administrator, "/city")
    administrator.put("/city", {"pack": as_json(renamed(administrator.pack)), "purpose": "a name"}, If_Match=seen)
    late = administrator.put("/city", {"pack": as_json(administrator.pack), "purpose": "back"}, If_Match=seen)
    assert late.status_code == 409
    assert administrator.get("/city").json_body["name_en"] == "Newville"


def test_camera_that_an_incident_is_about_can_not_be_dropped_over_the_api(administrator: Caller) -> None:
    pack = administrator.pack
    change = opened("flood", camera_id="tv-2")
    administrator.incidents.commit(change)
    dropped = versioned(replace(pack, cameras=tuple(one for one in pack.cameras if one.id != "tv-2")))
    told = administrator.post("/city/diffs", {"pack": as_json(dropped)}).json_body
    assert any("'tv-2'" in sentence for sentence in told["blocked"])
    answer = administrator.put("/city", {"pack": as_json(dropped), "purpose": "x"}, If_Match=f'"{pack.version}"')
    assert answer.status_code == 409
    assert administrator.versions.packs == [pack]


@pytest.mark.parametrize(
    ("change", "at"),
    [
        pytest.param({"default_area": "atlantis"}, "body.pack.default_area", id="an area that there is not"),
        pytest.param({"name_vi": 7}, "body.pack.name_vi", id="a number for a name"),
        pytest.param({"colour": "blue"}, "body.pack.colour", id="a key that nobody knows"),
        pytest.param({"name_en": "Newville"}, "body.pack.version", id="a version that is another content's"),
        pytest.param({"cameras": None}, "body.pack.cameras", id="no cameras"),
    ],
)
def test_pack_that_does_not_hold_is_told_where(administrator: Caller, change: dict[str, Any], at: str) -> None:
    answer = administrator.post("/city/diffs", {"pack": {**as_json(administrator.pack), **change}})
    assert answer.status_code == 422
    assert at in [one["at"] for one in answer.json_body["errors"]]


def test_another_citys_pack_is_refused(administrator: Caller) -> None:
    other = versioned(replace(administrator.pack, id="otherville"))
    assert administrator.post("/city/diffs", {"pack": as_json(other)}).status_code == 422


def test_pack_may_be_larger_than_any_other_body(administrator: Caller) -> None:
    """A real city's has 180 kB; what is too large for Lambda is refused in our words."""
    pack = as_json(administrator.pack)
    large = {**pack, "colour": "x" * 200_000}
    assert administrator.post("/city/diffs", {"pack": large}).status_code == 422
    too_large = {**pack, "colour": "x" * 4_000_000}
    assert administrator.post("/city/diffs", {"pack": too_large}).status_code == 413


def test_wards_administrator_has_no_part_of_the_city_pack(api: Caller) -> None:
    api.by("administrator@harbour")
    assert api.post("/city/diffs", {"pack": as_json(api.pack)}).status_code == 404


def test_what_the_audit_does_not_take_changes_no_camera(operator: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(record: object) -> None:
        raise TimeoutError

    seen = etag(operator)
    monkeypatch.setattr(operator.audit, "append", fail)
    assert operator.put("/cameras/tv-1/view", VIEW, If_Match=seen).status_code == 500
    assert operator.versions.packs == [operator.pack]


def test_kinds_are_those_of_the_pack_with_the_steps_of_their_procedures(operator: Caller) -> None:
    told = operator.get("/kinds").json_body["items"]
    assert {one["kind"] for one in told} == {one.kind for one in operator.pack.kinds}
    flood = next(one for one in told if one["kind"] == "flood")
    assert {"name_vi", "name_en", "severity", "held_for_review", "checklist"} <= flood.keys()


def test_lists_are_those_of_the_city_and_what_each_allows(operator: Caller) -> None:
    told = operator.get("/categories").json_body["items"]
    assert [one["id"] for one in told] == sorted(one.id for one in operator.pack.categories)
    missing = next(one for one in told if one["id"] == "missing_person")
    assert (missing["confirmations"], missing["most_hours"], missing["minors_allowed"]) == (1, 720, True)
