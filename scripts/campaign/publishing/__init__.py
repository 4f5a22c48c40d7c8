"""Publishing targets. Each kind is one class, listed in `registry.py`, that puts a site online whole or not at all."""
