"""Soak test: damaged pictures, hostile calls, crowds and kills against the app on loopback."""
