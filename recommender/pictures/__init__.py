"""Pictures: decoding of uploads to upright RGB, and segmentation of the product."""
