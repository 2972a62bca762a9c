"""Index building: a dataset is read, encoded, fitted and written; `build.py` runs the stages."""

# Version of what a build makes of equal features and pictures: raise it when synthetic pictures,
# head or map change. A demo index of another version is not used. A golden test compares a few
# outputs with the recorded ones.
BUILD_VERSION = 5
