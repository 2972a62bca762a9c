"""Retrieval quality, measured on products held out of the index and on people's photographs."""
