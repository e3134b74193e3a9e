"""Must a preview compile templates again that are as they were?

Not as long as it runs: Jinja's own hook for it, a bytecode cache, is given a memory, which one build hands on to the
next. Jinja knows a template by its name,
its file and its source; the code that it makes depends on the environment too, so that is part of the name here.
"""

import marshal
from types import CodeType
from typing import Final

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

__all__ = ["CompiledTemplates"]

_OPTIONS: Final = (
    "block_start_string",
    "block_end_string",
    "variable_start_string",
    "variable_end_string",
    "comment_start_string",
    "comment_end_string",
    "line_statement_prefix",
    "line_comment_prefix",
    "trim_blocks",
    "lstrip_blocks",
    "newline_sequence",
    "keep_trailing_newline",
    "optimized",
    "undefined",
    "sandboxed",
    "is_async",
    "policies",
)


class CompiledTemplates(BytecodeCache):
    """The code of templates; ``known`` is what another of these gave as bytes.

    Nothing of it stands in ``__dict__``: it is a setting of Jinja's, and no other one for holding more.
    """

    __slots__ = ("_codes",)

    def __init__(self, known: bytes = b"") -> None:
        self._codes: dict[tuple[str, str], CodeType] = marshal.loads(known) if known else {}  # noqa: S302 - our own

    def as_bytes(self) -> bytes:
        """All of it, for another process of the same preview."""
        return marshal.dumps(self._codes)

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """What is known of a template in an environment."""
        shape = _shape(environment, name)
        key = self.get_cache_key(f"{name} {shape}", filename) if shape else ""
        bucket = Bucket(environment, key, self.get_source_checksum(source))
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None and bucket.key:
            self._codes[bucket.key, bucket.checksum] = bucket.code


def _shape(environment: Environment, name: str) -> str:
    """All of an environment that the code of a template depends on; nothing where that cannot be told."""
    if environment.finalize is not None:
        # a function that is run on constants while a template is compiled
        return ""
    autoescape = environment.autoescape
    escaped = autoescape(name) if callable(autoescape) else autoescape
    functions = {**environment.filters, **{f"is {test}": function for test, function in environment.tests.items()}}
    passed = sorted((known, str(getattr(each, "jinja_pass_arg", ""))) for known, each in functions.items())
    options = [getattr(environment, option) for option in _OPTIONS]
    return repr((environment.code_generator_class, escaped, sorted(environment.extensions), options, passed))
