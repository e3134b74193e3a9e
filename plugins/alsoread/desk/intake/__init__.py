"""How do stories come in? What others send becomes files that the digest reads."""
