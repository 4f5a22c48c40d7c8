"""What was made before, and how it is kept: notes, the store of finished files, publishing whole folders, workers."""
