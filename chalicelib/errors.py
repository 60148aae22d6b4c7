"""The errors of matpho, in two families, because a queue needs to know just one thing.

* MatphoError
  x Permanent      trying again can't help: record the reason, go on
    + FrameRejected  this frame, by name of the reason
    + InvalidInput   what somebody sent or wrote doesn't hold; the message says where
      - Unsound        a city pack that doesn't hold, by every place where it doesn't
    + NotFound       what was asked for isn't there
    + NotIdentified  who asks can't be told
    + NotAllowed     who asks may not
    + WrongState     what was asked for doesn't fit the state that it is in
    + StaleVersion   it has moved on since whoever asks has seen it
  x Transient      trying again may help: raise, the queue delivers once more
    + Conflict       somebody else wrote first
  x Misconfigured  the deployment is wrong: stop at the start, name the setting
"""

from collections.abc import Iterable


class MatphoError(Exception):
    """Whatever goes wrong inside matpho and has a name."""


class Permanent(MatphoError):
    """Trying again cannot help."""


class FrameRejected(Permanent):
    """A frame that will never be analysed; `reason` is a short code that is counted."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


class InvalidInput(Permanent):
    """Input from outside that doesn't hold; the message names the place and the value."""


class Unsound(InvalidInput):
    """A city pack that doesn't hold; `problems` are lines such as `cameras[3].profile: 'alley' is no profile`."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class NotFound(Permanent):
    """What was asked for is not there."""


class WrongState(Permanent):
    """What was asked for doesn't fit the state that it is in; the message is a sentence for people."""


class StaleVersion(Permanent):
    """It has moved on since whoever asks has seen it; the message is a sentence for people."""


class NotIdentified(Permanent):
    """Who asks can't be told; the message never says what was offered as proof."""


class NotAllowed(Permanent):
    """Who asks is known and may not."""


class Transient(MatphoError):
    """Trying again may help."""


class Conflict(Transient):
    """Somebody else changed the same record first."""


class Misconfigured(MatphoError):
    """The deployment is wrong; the message names the setting or file."""
