"""Training: heads, map projection, and the synthetic pictures that heads are fitted on."""
