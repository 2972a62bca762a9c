"""Command-line programs: serve, recommend, build an index, update it, evaluate."""
