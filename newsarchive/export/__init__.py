"""What leaves the archive in formats of other programs. Reads, and writes files; never changes the archive."""
