"""Bags of the demo catalogue, drawn."""
