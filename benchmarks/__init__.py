"""How fast and how small: the baseline and this project side by side, in one run."""

# What can be measured, in the order of the table.
ROWS = ("queries", "search", "filters", "building", "start", "visitors", "growth")
