"""From a dataset to an index: read, encode, fit, write; `build.py` ties the stages together."""

# Raised by whoever changes what a build makes of the same features and pictures: the pictures that
# it is fitted on, the head, the map. A demo index of another version is not used. A test compares a
# few outputs with those that this version is known to have.
BUILD_VERSION = 3
