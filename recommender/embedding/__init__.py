"""Embedding: features to vectors of style and colour, for products and for queries."""
