"""Shoes of the demo catalogue, drawn."""
