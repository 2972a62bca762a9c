"""Features of pictures: the table that holds them, and the extractor that makes them."""

# Raised by whoever changes what features a picture has: how it is decoded, reduced, resized, or
# described. Builds and kept features of other versions are not gone on with. A test compares the
# features of a few pictures with those that this version is known to have.
FEATURES_VERSION = 1
