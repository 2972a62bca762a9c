"""Content-based fashion recommender: a picture of a garment in, the most similar products out."""
