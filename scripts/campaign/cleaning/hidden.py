"""The error for hidden content that can't be removed."""


class HiddenLayers(ValueError):
    """A layer is switched off, but its content would be published."""
