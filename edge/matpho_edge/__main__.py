"""`python -m matpho_edge`, or `python -m edge.matpho_edge` in a checkout."""

from .cli import app

app(prog_name="matpho-edge")
