"""Content-based fashion recommender: the most similar products of a catalogue for a picture."""
