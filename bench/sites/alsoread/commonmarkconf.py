"""The same digest, whose bodies another engine makes HTML of."""

from pelicanconf import *

ALSOREAD_BODY_ENGINE = "commonmark"
