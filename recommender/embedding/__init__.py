"""Embedding: style and colour vectors of products and queries from their features."""
