"""Clothes of the demo catalogue, drawn."""
