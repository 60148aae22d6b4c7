"""Waiting that ends at once when the gateway is to stop, and that tests turn by hand."""

from collections.abc import Callable

Wait = Callable[[float], bool]
"""Wait so many seconds; True when the gateway is to stop. `threading.Event.wait` is one."""
