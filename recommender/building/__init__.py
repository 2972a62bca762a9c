"""From a dataset to an index: read, encode, fit, write; `build.py` ties the stages together."""
