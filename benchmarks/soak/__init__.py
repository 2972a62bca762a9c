"""Soak test: damaged pictures, hostile calls, crowds and kills against the app on loopback."""

# Its parts, in the order in which they run.
CHECKS = ("decoder", "crowds", "pictures", "addresses", "endpoints", "events", "serving", "builds")
