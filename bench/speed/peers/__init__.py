"""The contestants: each module has `version()` and `prepare(models or templates)`, which returns what is timed."""
