"""JSON, XML, YAML and plain text as strangers send them, read so that none of them can do harm."""

import json
import re
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from modelyard.errors import Invalid

LARGEST_PART = 64_000_000  # bytes, of one of many files
_LARGEST_YAML = 1_000_000

_DECODER = json.JSONDecoder()
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPACE = re.compile(r"[ \t\r\n]*")


class DocumentInvalid(Invalid):
    """This file cannot be read."""


def decode(data: bytes) -> str:
    r"""Return the text of a file, whatever of the usual encodings it is in.

    Example:
        >>> decode("\ufeffBrötchen".encode())
        'Brötchen'
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def part(path: Path) -> bytes:
    """Return one of many files.

    Raises:
        DocumentInvalid: It is too large for what it should be.
    """
    if path.stat().st_size > LARGEST_PART:
        raise DocumentInvalid(f"It has more than {LARGEST_PART // 1_000_000} MB.")
    return path.read_bytes()


def walk_json(data: bytes) -> Iterator[tuple[str, int, Any]]:
    """Yield (key, number, value) of every element of every list of an object, one after the other.

    A value that is no list, or an empty one, is yielded with the number -1. The elements of a file
    that is one list have the key "".

    Raises:
        DocumentInvalid: The file is no JSON from here on. What came before has been yielded.

    Example:
        >>> list(walk_json(b'{"a": [1, {}], "b": "c"}'))
        [('a', 0, 1), ('a', 1, {}), ('b', -1, 'c')]
    """
    text = decode(data)
    at = _skip(text, 0)
    if text.startswith("[", at):
        yield from _elements(text, at, "")
        return
    if not text.startswith("{", at):
        raise DocumentInvalid("The file is neither a JSON object nor a list.")
    at = _skip(text, at + 1)
    while not text.startswith("}", at):
        key, at = _value(text, at, "a key")
        at = _skip(text, at)
        if not isinstance(key, str) or not text.startswith(":", at):
            raise DocumentInvalid(f"The JSON is broken near character {at:,}.")
        at = _skip(text, at + 1)
        if text.startswith("[", at):
            at = yield from _elements(text, at, key)
        else:
            value, at = _value(text, at, f"“{key[:50]}”")
            yield key, -1, value
        at = _after(text, at, "}")


def load_json(data: bytes) -> Any:
    """Return what a JSON file says.

    Raises:
        DocumentInvalid: It is no JSON, or too deep.

    Example:
        >>> load_json(b"[1]")
        [1]
    """
    try:
        return json.loads(decode(data))
    except (ValueError, RecursionError) as error:
        raise DocumentInvalid("The file is not valid JSON, or it is nested too deeply.") from error


def load_xml(data: bytes) -> Element:
    """Return the root of an XML file without document type and entities.

    Raises:
        DocumentInvalid: It is no XML, or declares what could do harm.

    Example:
        >>> load_xml(b"<a><b/></a>").tag
        'a'
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise DocumentInvalid("The XML declares a document type or entities, which are not read.") from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise DocumentInvalid("The file is not valid XML.") from error
    return root


def load_yaml(data: bytes) -> Any:
    """Return what a YAML file says, as dicts, lists and text; numbers and yes stay the text that they are.

    Raises:
        DocumentInvalid: It is no YAML, is too large, or has tags or references, which could do harm.

    Example:
        >>> load_yaml(b"names: [yes, 1.0]")
        {'names': ['yes', '1.0']}
    """
    import yaml

    class Loader(yaml.BaseLoader):  # type: ignore[misc]
        def compose_node(self, parent: Any, index: Any) -> Any:
            event = self.peek_event()
            if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None) not in (None, "!"):
                raise DocumentInvalid("The YAML has tags or references, which are not read.")
            return super().compose_node(parent, index)

    if len(data) > _LARGEST_YAML:
        raise DocumentInvalid("The YAML has more than a million bytes.")
    try:
        return yaml.load(decode(data), Loader)  # noqa: S506 - the loader makes text, lists and dicts only
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise DocumentInvalid("The file is not valid YAML, or it is nested too deeply.") from error


def number(text: str | None, name: str) -> float:
    """Return the number that a text is; whether it is finite is for the shape to say.

    Raises:
        DocumentInvalid: It is none; the message names the field.

    Example:
        >>> number(" 1.5 ", "xmin")
        1.5
    """
    plain = (text or "").strip()
    try:
        if "_" not in plain:
            return float(plain)
    except ValueError:
        pass
    hint = " Numbers need a point, not a comma." if re.fullmatch(r"[-+]?\d*,\d+", plain) else ""
    raise DocumentInvalid(f"The field “{name}” is “{plain[:50]}”, which is no number.{hint}")


def plain_xml(text: str) -> str:
    r"""Return a text without the characters that XML cannot hold.

    Example:
        >>> plain_xml("a\x01b")
        'ab'
    """
    return _NOT_IN_XML.sub("", text)


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _after(text: str, at: int, closing: str) -> int:
    """Return where the next element begins, or the closing bracket."""
    at = _skip(text, at)
    if text.startswith(",", at):
        at = _skip(text, at + 1)
        if not text.startswith(closing, at):
            return at
    elif text.startswith(closing, at):
        return at
    raise DocumentInvalid(f"The JSON is broken near character {at:,}.")


def _elements(text: str, at: int, key: str) -> Generator[tuple[str, int, Any], None, int]:
    index, at = 0, _skip(text, at + 1)
    if text.startswith("]", at):
        yield key, -1, []
    while not text.startswith("]", at):
        value, at = _value(text, at, f"{key[:50]}[{index}]")
        yield key, index, value
        index, at = index + 1, _after(text, at, "]")
    return at + 1


def _value(text: str, at: int, place: str) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError) as error:
        raise DocumentInvalid(f"The JSON cannot be read at {place}; what follows it was not read.") from error
