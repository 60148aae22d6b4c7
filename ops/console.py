"""Where tables for people go."""

from rich.console import Console

PLAIN_WIDTH = 132
"""Columns where nobody's terminal says how many it has: a log, a pipe."""


def table_console() -> Console:
    """As wide as the terminal, and wide enough for our tables where there is none."""
    plain = Console()
    return plain if plain.is_terminal else Console(width=PLAIN_WIDTH)
