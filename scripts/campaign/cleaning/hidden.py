"""The error for hidden content that only its author can decide about."""


class HiddenContentError(ValueError):
    """Readers don't see it, but it would be published: layers that are off, comments. The text names it."""
