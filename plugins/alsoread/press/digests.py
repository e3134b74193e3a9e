"""By which short text are bytes known, and what is done where a value has none?"""

import hashlib

__all__ = ["Untold", "digest"]


class Untold(Exception):
    """A value that cannot be told, so that what saw it has to be made each time."""


def digest(*parts: str | bytes) -> str:
    """BLAKE2b of the parts, 96 bits in hexadecimal; where one part ends and the next begins makes a difference."""
    hashed = hashlib.blake2b(digest_size=12)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        hashed.update(len(data).to_bytes(8, "big"))
        hashed.update(data)
    return hashed.hexdigest()
