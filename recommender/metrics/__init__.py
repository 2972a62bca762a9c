"""Metrics: retrieval measures, held-out splits, measured labels, and an index's report card."""
