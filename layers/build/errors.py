"""What can go wrong when layers are built; each message is the one line a person reads."""


class LayerError(Exception):
    """The layers cannot be had as layers.toml describes them."""
