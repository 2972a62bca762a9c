"""Answers: recommendations, explanations, outfits and contact sheets from an index."""
