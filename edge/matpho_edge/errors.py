"""What can go wrong on the box, by what is to be done about it.

* EdgeError
  x ConfigError    somebody must mend the configuration; the message says where
  x SourceFailed   a camera gives no picture: try again after a while
  x Unreachable    the other side didn't answer as it should: the frame waits in the spool
    + Forbidden      nor may it be sent with this grant or token
  x Refused        the other side will never take this object: count it and go on
  x SpoolFailed    the disk doesn't take a frame
"""


class EdgeError(Exception):
    """Whatever goes wrong inside the gateway and has a name."""


class ConfigError(EdgeError):
    """The configuration doesn't hold; the message names the place and never a secret."""


class SourceFailed(EdgeError):
    """A camera gave no picture; the message names no URL, as those hold passwords."""


class Unreachable(EdgeError):
    """The API or the object store didn't answer as it should."""


class Forbidden(Unreachable):
    """The token or the grant isn't good for this camera, or no longer."""


class Refused(EdgeError):
    """An object that will never be taken; `code` is the store's own word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SpoolFailed(EdgeError):
    """The disk is full or broken."""
