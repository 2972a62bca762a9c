"""State of one visitor: the search history, the mix, and the actions that change them."""
