"""What authors get wrong, each mistake in a small file, and what they are told."""
