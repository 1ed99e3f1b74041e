"""The server: the catalogue of a folder behind one address, as ``criterion serve`` runs it."""
