"""Tabs of the page, one module each."""
