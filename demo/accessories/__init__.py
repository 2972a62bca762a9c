"""Accessories of the demo catalogue, drawn."""
