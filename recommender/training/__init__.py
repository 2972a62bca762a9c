"""Training: everything that is fitted on a catalogue, and the pictures it is fitted on."""
