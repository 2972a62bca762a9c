"""Benchmark: speed and memory of this project and of the baseline, measured in one run."""

# Measurements, in the order of the table.
ROWS = ("queries", "search", "filters", "building", "start", "visitors", "growth")
