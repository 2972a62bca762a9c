"""Command-line programs: serve, recommend, build an index, evaluate."""
