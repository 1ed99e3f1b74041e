"""The runtime: a policy at work, from a document to answers."""
