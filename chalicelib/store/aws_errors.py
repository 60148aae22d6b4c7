"""What AWS says when it refuses, told in matpho's two words: somebody else wrote first, or try again."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException, VerboseClientError

from chalicelib.errors import Conflict, Transient

_LOST_THE_RACE = {
    "ConditionalCheckFailed",
    "ConditionalCheckFailedException",
    "ConditionalRequestConflict",
    "PreconditionFailed",
    "TransactionConflict",
    "TransactionConflictException",
}


@contextmanager
def aws_errors(doing: str) -> Iterator[None]:
    """Raise Conflict or Transient in place of what AWS raised, keeping its codes in the message.

    What trying again can't help, such as a missing permission, is Transient too: the queue's dead letters are where
    the deployment's faults are looked for, and nothing is lost meanwhile.
    """
    try:
        yield
    except (PynamoDBException, BotoCoreError, ClientError) as error:
        codes = aws_codes(error)
        named = Conflict if _LOST_THE_RACE.intersection(codes) else Transient
        raise named(f"{doing}: {', '.join(codes)}") from error


def aws_codes(error: Exception) -> tuple[str, ...]:
    """AWS's code and, for a transaction, the reason of each part that failed; the error's name where AWS gave none."""
    cause = getattr(error, "cause", None) or error
    if not isinstance(cause, ClientError):
        return (type(cause).__name__,)
    reasons = cause.cancellation_reasons if isinstance(cause, VerboseClientError) else []
    return (cause.response["Error"]["Code"], *(reason.code for reason in reasons if reason))
