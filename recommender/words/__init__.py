"""Words: what a text about clothes names, in ten languages and in a catalogue's own values."""
