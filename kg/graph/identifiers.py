"""Names of resources: readable keys in, IRIs below the base out; the same key gives the same IRI on every machine.

Chinese characters stay as they are (RFC 3987); what an IRI may not hold is percent-encoded.
"""

import re

from kg.errors import UsageError
from kg.graph.namespaces import DEFAULT_BASE

# What RFC 3987 keeps out of a path: marks of its own, white space, private use (odd glyphs of scans), and what is no character.
_UNSAFE = re.compile(
    r"[\x00-\x20<>\"{}|\\^`%#?/\[\]\x7f-\xa0\u2000-\u200f\u2028\u2029\u3000\ufeff\ud800-\uf8ff\ufdd0-\ufdef\ufff0-\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff"
    + "".join(chr(plane + end) for plane in range(0x10000, 0xF0000, 0x10000) for end in (0xFFFE, 0xFFFF)) + "]"
)


class Identifiers:
    """Makes IRIs below one base. Raises `UsageError` for a base that is no absolute IRI."""

    def __init__(self, base: str = DEFAULT_BASE) -> None:
        if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:.", base) or _UNSAFE.search(re.sub("[/?#]", "", base)):
            raise UsageError(f"{base!r} is no absolute IRI; give one such as {DEFAULT_BASE}")
        self.base = base if base.endswith(("/", "#")) else f"{base}/"

    def document(self, name: str) -> str:
        return f"{self.base}document/{_safe(name)}"

    def agency(self, name: str) -> str:
        return f"{self.base}agency/{_safe(name)}"

    def change(self, name: str) -> str:
        return f"{self.base}change/{_safe(name)}"

    def region(self, code: str) -> str:
        return f"{self.base}region/{code}"

    def compilation(self, file: str) -> str:
        return f"{self.base}compilation/{_path(file)}"

    def passage(self, file: str, start_line: int, end_line: int) -> str:
        return f"{self.base}passage/{_path(file)}/{start_line}-{end_line}"

    def reference(self, file: str, start: int, end: int) -> str:
        return f"{self.base}reference/{_path(file)}/{start}-{end}"

    def statement(self, file: str, start: int, end: int, states: str) -> str:
        return f"{self.base}statement/{_path(file)}/{start}-{end}-{states}"

    def correction(self, file: str, line: int) -> str:
        return f"{self.base}correction/{_path(file)}/{line}"

    def warning(self, file: str, line: int | None, code: str, nth: int) -> str:
        return f"{self.base}warning/{_path(file)}/{line or 0}-{code}" + (f"-{nth}" if nth > 1 else "")


def _safe(text: str) -> str:
    return _UNSAFE.sub(lambda m: "".join(f"%{byte:02X}" for byte in m[0].encode()), text)


def _path(file: str) -> str:
    """A file's name inside an IRI; a browser would resolve .. steps away and two files would meet, so each is a ~."""
    return "/".join("~" if part == ".." else _safe(part) for part in file.split("/") if part not in ("", "."))
