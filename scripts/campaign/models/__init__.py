"""What people wrote and what is made of it, as frozen data. Nothing here reads or writes files."""
