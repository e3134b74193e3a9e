"""What editors use: the desk. It stands on the news and the outputs, and only the edges stand on it."""
