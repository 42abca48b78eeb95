"""The archive's web page: read, search, compare and see, on Datasette, without writing and without the network."""
