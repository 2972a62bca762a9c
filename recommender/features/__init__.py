"""Features of pictures: encoder, colour description, extractor and table."""

# Version of a picture's features: raise it when decoding, reducing, resizing or describing changes.
# Unfinished builds and feature caches of another version are refused. A golden test compares the
# features of a few pictures with the recorded ones.
FEATURES_VERSION = 2
