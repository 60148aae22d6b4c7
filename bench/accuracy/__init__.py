"""Judges the shipped vision code on labelled photographs, part by part; every figure comes from the run-time path."""
