"""The words of `callouts`."""

WORDS = "Note well:"
