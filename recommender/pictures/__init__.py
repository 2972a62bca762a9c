"""Pictures: anything a person sends, as an upright RGB picture, and where the product is on it."""
