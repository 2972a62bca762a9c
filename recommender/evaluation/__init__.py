"""Evaluation: retrieval quality on held-out products and on people's photographs."""
