"""What people wrote and what is made of it, as plain frozen data. Nothing here reads or writes a file."""
