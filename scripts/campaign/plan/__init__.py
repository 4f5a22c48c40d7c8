"""Every output, decided before any is made."""
