"""The build's cache: hashes of inputs, the store of finished files, moving outputs into place, worker processes."""
