"""What a file hides in a way that cannot be taken out of it."""


class HiddenLayers(ValueError):
    """A layer is switched off: its text and pictures would be published."""
