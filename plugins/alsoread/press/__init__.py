"""The press: how a Pelican site gets from files to a folder of pages, safely. It knows nothing of news."""
