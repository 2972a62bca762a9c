"""Metrics: retrieval precision, splits, relevance and the report card of an index."""
