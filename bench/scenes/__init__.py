"""Training and judging the scene heads."""
