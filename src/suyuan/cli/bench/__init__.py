"""Measurements: each figure beside a named baseline, taken in the same process."""
