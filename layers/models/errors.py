"""What can go wrong when models are fetched; each message is the one line a person reads."""


class ModelError(Exception):
    """A model cannot be had as the manifest describes it."""


class FetchFailed(ModelError):
    """A registry or server did not deliver; trying again may help."""


class ChecksumMismatch(ModelError):
    """What was delivered is not what the manifest pins."""
