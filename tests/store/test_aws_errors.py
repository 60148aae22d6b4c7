"""Whether trying again with fresh eyes, or just again, is what an AWS error asks for."""

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from pynamodb.exceptions import CancellationReason, PutError, TransactWriteError, VerboseClientError

from chalicelib.errors import Conflict, Transient
from chalicelib.store.aws_errors import aws_errors


def client_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "told by AWS"}}, "PutItem")


def cancelled(*reasons: str | None) -> TransactWriteError:
    given = [CancellationReason(code) if code else None for code in reasons]
    code = {"Error": {"Code": "TransactionCanceledException"}}
    return TransactWriteError("cancelled", VerboseClientError(code, "Transact", {}, cancellation_reasons=given))


@pytest.mark.parametrize(
    ("error", "named", "message"),
    [
        pytest.param(
            PutError("put", client_error("ConditionalCheckFailedException")),
            Conflict,
            "doing it: ConditionalCheckFailedException",
            id="a condition that failed is a conflict",
        ),
        pytest.param(
            PutError("put", client_error("TransactionConflictException")),
            Conflict,
            "doing it: TransactionConflictException",
            id="a record inside a running transaction is a conflict",
        ),
        pytest.param(
            cancelled(None, "ConditionalCheckFailed", None),
            Conflict,
            "doing it: TransactionCanceledException, ConditionalCheckFailed",
            id="one failed condition cancels a transaction",
        ),
        pytest.param(
            cancelled("TransactionConflict", None, None),
            Conflict,
            "doing it: TransactionCanceledException, TransactionConflict",
            id="two transactions on one record conflict",
        ),
        pytest.param(
            cancelled("ThrottlingError", None, None),
            Transient,
            "doing it: TransactionCanceledException, ThrottlingError",
            id="a throttled transaction is no conflict",
        ),
        pytest.param(
            PutError("put", client_error("ProvisionedThroughputExceededException")),
            Transient,
            "doing it: ProvisionedThroughputExceededException",
            id="throttling is no conflict",
        ),
        pytest.param(
            PutError("put", ConnectTimeoutError(endpoint_url="somewhere")),
            Transient,
            "doing it: ConnectTimeoutError",
            id="a timeout inside PynamoDB",
        ),
        pytest.param(client_error("SlowDown"), Transient, "doing it: SlowDown", id="boto3 without PynamoDB"),
        pytest.param(
            ConnectTimeoutError(endpoint_url="somewhere"),
            Transient,
            "doing it: ConnectTimeoutError",
            id="a timeout without PynamoDB",
        ),
    ],
)
def test_an_aws_error_gets_one_of_two_names(error: Exception, named: type[Exception], message: str) -> None:
    with pytest.raises(Transient) as raised, aws_errors("doing it"):
        raise error
    assert type(raised.value) is named
    assert str(raised.value) == message
    assert raised.value.__cause__ is error


def test_a_defect_of_our_own_is_not_renamed() -> None:
    with pytest.raises(KeyError), aws_errors("doing it"):
        raise KeyError("ours")
