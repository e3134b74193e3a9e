"""What a digest is made of: pure functions over values, no disk and no Pelican."""
