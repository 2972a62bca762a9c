"""Index: the folder of a catalogue (vectors, catalogue, manifest) and the search over it."""
