"""What wakes somebody: each alarm that must be there, on a metric that is really written, and the way it is told."""

import json
from typing import Any

import pytest

from chalicelib.bootstrap_vision import SHIPPED_CURVE
from chalicelib.domain.decoys import live_rate
from chalicelib.domain.thresholds import parse_impostor_curve
from chalicelib.telemetry import DECOYS_RESEMBLED, FACES_COMPARED
from chalicelib.vision.face_decoys import DECOYS
from ops.faces import MOST
from tests.package.conftest import Package

pytestmark = pytest.mark.xdist_group("package")

ALARM = "AWS::CloudWatch::Alarm"
FUNCTIONS = (
    "analyse-frames",
    "analyse-recorded",
    "publish-alerts",
    "sweep",
    "report-yesterday",
    "api",
    "authorise",
    "keep-watchlist",
    "keep-the-law",
    "keep-evidence",
)
WANTED = {
    "no-frames": ("matpho", "frames_processed"),
    "frames-rejected": ("matpho", "frames_rejected"),
    "frames-wait": ("AWS/SQS", "ApproximateAgeOfOldestMessage"),
    "frames-dead-lettered": ("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
    "unrouted": ("matpho", "incidents_unrouted"),
    "escalations-exhausted": ("matpho", "incidents_unanswered"),
    "faces-unsearched": ("matpho", "faces_unsearched"),
    "incidents-unswept": ("matpho", "incidents_unswept"),
    "alerts-late": ("AWS/Lambda", "IteratorAge"),
    "alerts-dead-lettered": ("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
    "alerts-undelivered": ("AWS/SNS", "NumberOfNotificationsFailed"),
    "sweep-stopped": ("AWS/Lambda", "Invocations"),
    "recorded-dead-lettered": ("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
    "evidence-dead-lettered": ("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
    **{f"{name}-errors": ("AWS/Lambda", "Errors") for name in FUNCTIONS},
    **{f"{name}-throttles": ("AWS/Lambda", "Throttles") for name in FUNCTIONS},
    "api-fails": ("AWS/ApiGateway", "5XXError"),
    "analysis-cost": ("AWS/Lambda", "Duration"),
}


def test_alarms_are_those_that_the_city_needs(package: Package) -> None:
    watched = {name: (one["Namespace"], one["MetricName"]) for name, one in _alarms(package).items()}
    assert watched == WANTED


@pytest.mark.parametrize("name", WANTED)
def test_alarm_says_what_to_do_and_tells_operations(package: Package, name: str) -> None:
    """Coming and going: who was woken must hear that it is over."""
    alarm = _alarms(package)[name]
    assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "OperationsTopic"}]
    assert len(alarm["AlarmDescription"].split(". ")) >= 2


@pytest.mark.parametrize("name", ["no-frames", "sweep-stopped"])
def test_silence_is_an_alarm_where_silence_is_the_fault(package: Package, name: str) -> None:
    assert _alarms(package)[name]["TreatMissingData"] == "breaching"


def test_every_queue_of_dead_letters_is_watched_from_the_first_one_on(package: Package) -> None:
    watched = {
        one["Dimensions"][0]["Value"]["Fn::GetAtt"][0]: one["Threshold"]
        for name, one in _alarms(package).items()
        if name.endswith("dead-lettered")
    }
    assert watched == {name: 1 for name in package.of_type("AWS::SQS::Queue") if name.endswith("DeadLetters")}


@pytest.mark.parametrize("metric", ["Errors", "Throttles"])
def test_every_function_is_watched(package: Package, metric: str) -> None:
    alarms = [one for one in _alarms(package).values() if one["MetricName"] == metric]
    assert {one["Dimensions"][0]["Value"]["Ref"] for one in alarms} == set(package.functions)


def test_our_own_metrics_are_asked_for_as_the_functions_write_them(package: Package) -> None:
    """Powertools takes the dimension from the function's environment; without it the alarm would watch nothing."""
    service = package.functions["AnalyseFrames"]["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]
    ours = [one["Dimensions"] for one in _alarms(package).values() if one["Namespace"] == "matpho"]
    assert ours == [[{"Name": "service", "Value": service}]] * sum(one[0] == "matpho" for one in WANTED.values())


def test_alarms_may_publish_to_operations_under_the_key(package: Package) -> None:
    """Forgotten on either of the two, alarms change colour and nobody hears of it."""
    for name, document in (("OperationsTopicPolicy", "PolicyDocument"), ("DataKey", "KeyPolicy")):
        allowed = [one for one in package.properties(name)[document]["Statement"] if one["Effect"] == "Allow"]
        principals = [one["Principal"].get("Service", []) for one in allowed]
        assert ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] in principals


def test_budget_warns_before_and_when_it_is_spent(package: Package) -> None:
    budget = package.properties("Budget")
    notes = [one["Notification"] for one in budget["NotificationsWithSubscribers"]]
    assert {(one["NotificationType"], one["Threshold"]) for one in notes} == {("ACTUAL", 80), ("FORECASTED", 100)}


def test_dashboard_is_json_that_names_resources_which_are_there(package: Package) -> None:
    body = package.properties("Dashboard")["DashboardBody"]["Fn::Sub"]
    assert len(json.loads(body)["widgets"]) == 6


COMPUTED = {"strangers-alike"}


def test_strangers_are_called_alike_from_the_interval_that_the_rule_gives(package: Package) -> None:
    """The alarm says in CloudWatch's words what live_rate says in Python."""
    alarm = _every_alarm(package)["strangers-alike"]
    expression = next(one["Expression"] for one in alarm["Metrics"] if one["Id"] == "alike")
    low = eval(expression.replace("^", "**"), {"hits": 900, "faces": 3_000})  # noqa: S307 - our own template
    rate = parse_impostor_curve(SHIPPED_CURVE.read_bytes()).decoy_rate
    assert low == pytest.approx(live_rate(faces=3_000, decoys=DECOYS, hits=900, expected_rate=rate).low)
    assert alarm["Threshold"] == MOST


def test_computed_alarms_are_of_metrics_that_are_written_and_tell_operations(package: Package) -> None:
    alarms = _every_alarm(package)
    assert {name for name, one in alarms.items() if "Metrics" in one} == COMPUTED
    alarm = alarms["strangers-alike"]
    watched = {one["MetricStat"]["Metric"]["MetricName"] for one in alarm["Metrics"] if "MetricStat" in one}
    assert watched == {FACES_COMPARED, DECOYS_RESEMBLED}
    assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "OperationsTopic"}]


def _alarms(package: Package) -> dict[str, dict[str, Any]]:
    """Those on one metric."""
    return {name: one for name, one in _every_alarm(package).items() if name not in COMPUTED}


def _every_alarm(package: Package) -> dict[str, dict[str, Any]]:
    """Properties by the name without its stage."""
    alarms = [one["Properties"] for one in package.of_type(ALARM).values()]
    return {one["AlarmName"]["Fn::Sub"].removeprefix("matpho-${Stage}-"): one for one in alarms}
