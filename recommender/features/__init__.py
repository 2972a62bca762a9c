"""Features: pictures to numbers, by the backbone and by colour histograms."""
