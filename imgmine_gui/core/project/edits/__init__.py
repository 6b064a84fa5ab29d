"""What a person changes in a catalogue, and the history that takes it back."""
