"""JSON, XML, YAML and plain text as strangers send them, read in parts and so that none of them can do harm."""

import codecs
import io
import json
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, AnyStr, BinaryIO, TextIO
from xml.etree.ElementTree import Element, ParseError

from modelyard.errors import Invalid

LARGEST_PART = 64_000_000  # bytes, of one of many files
_LARGEST_YAML = 1_000_000
_CHUNK = 1 << 20  # of a large file, in bytes or characters
_LONGEST_TEXT_LINE = 16_000_000
_MARGIN = 16  # characters; what ends, or breaks, so near to the end of a chunk may go on behind it

Source = bytes | Path  # a file, or what is in it

_DECODER = json.JSONDecoder()
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_COMMA = re.compile(r"[ \t\r\n]*,[ \t\r\n]*")
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


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """Open a file to read its bytes."""
    with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
        yield file


@contextmanager
def opened_text(source: Source) -> Iterator[TextIO]:
    r"""Open a file to read its text, as `decode` reads it, with the ends of its lines as they are.

    Example:
        >>> with opened_text(b"\xef\xbb\xbfa\r\nb") as file:
        ...     file.read()
        'a\r\nb'
    """
    with opened(source) as file:
        encoding = _encoding(file)
        file.seek(0)
        yield io.TextIOWrapper(file, encoding, "replace", newline="")


def lines(source: Source, longest: int) -> Iterator[tuple[int, bytes]]:
    r"""Yield the lines of a file that are not empty, each with its number from 1.

    One that is longer than may be is yielded cut off, one byte too long.

    Example:
        >>> list(lines(b"a\n\nbcd\n", 2))
        [(1, b'a'), (3, b'bcd')]
    """
    with opened(source) as file:
        if file.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
            file.seek(0)
        for number, line in enumerate(_cut_lines(file, longest, (b"\n",)), start=1):
            if line.strip():
                yield number, line.removesuffix(b"\n")


def text_lines(file: TextIO) -> Iterator[str]:
    """Yield the lines of a text as they are, of one that is no line any more only the beginning."""
    return _cut_lines(file, _LONGEST_TEXT_LINE, ("\n", "\r"))


def part(path: Path) -> bytes:
    """Return one of many files.

    Raises:
        DocumentInvalid: It is too large for what it should be.
    """
    if path.stat().st_size > LARGEST_PART:
        raise DocumentInvalid(f"It has more than {LARGEST_PART // 1_000_000} MB.")
    return path.read_bytes()


def walk_json(source: Source) -> Iterator[tuple[str, int, Any]]:
    """Yield (key, number, value) of every element of every list of an object, one after the other.

    A value that is no list, or an empty one, is yielded with the number -1. The elements of a file
    that is one list have the key "".

    Raises:
        DocumentInvalid: The file is no JSON from here on. What came before has been yielded.

    Example:
        >>> list(walk_json(b'{"a": [1, {}], "b": "c"}'))
        [('a', 0, 1), ('a', 1, {}), ('b', -1, 'c')]
    """
    with opened_text(source) as file:
        text = _Json(file)
        if text.starts("["):
            yield from text.elements("")
            return
        if not text.starts("{"):
            raise DocumentInvalid("The file is neither a JSON object nor a list.")
        text.at += 1
        is_over = text.starts("}")
        while not is_over:
            key = text.value("a key")
            if not isinstance(key, str) or not text.starts(":"):
                raise text.broken()
            text.at += 1
            if text.starts("["):
                yield from text.elements(key)
            else:
                yield key, -1, text.value(f"“{key[:50]}”")
            is_over = text.is_last("}")


def load_json(source: Source) -> Any:
    """Return what a JSON file says.

    Raises:
        DocumentInvalid: It is no JSON, or too deep.

    Example:
        >>> load_json(b"[1]")
        [1]
    """
    try:
        return json.loads(decode(source if isinstance(source, bytes) else source.read_bytes()))
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


def _cut_lines(file: IO[AnyStr], longest: int, ends: Collection[AnyStr]) -> Iterator[AnyStr]:
    while line := file.readline(longest + 1):
        rest = line if len(line) > longest else line[:0]
        while rest and rest[-1:] not in ends:
            rest = file.readline(_CHUNK)
        yield line


class _Json:
    """The text of a JSON file, of which no more is held than what is being looked at."""

    def __init__(self, file: TextIO) -> None:
        self._file, self._text, self._passed = file, "", 0
        self.at = 0  # in the part that is held

    def starts(self, word: str) -> bool:
        """Move over white space and say whether this character comes next."""
        while True:
            self.at = _SPACE.match(self._text, self.at).end()  # type: ignore[union-attr]  # It matches nothing as well.
            if self.at < len(self._text) or not self._more():
                return self._text.startswith(word, self.at)

    def value(self, place: str) -> Any:
        """Read the value that begins here."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self.at)
            except (ValueError, RecursionError) as error:
                if _is_cut_off(error, self._text) and self._more():
                    continue
                raise DocumentInvalid(f"The JSON cannot be read at {place}; what follows it was not read.") from error
            if end + _MARGIN > len(self._text) and self._more():
                continue  # A number may go on.
            self.at = end
            return value

    def elements(self, key: str) -> Iterator[tuple[str, int, Any]]:
        """Yield the elements of the list that comes next."""
        self.at += 1
        if self.starts("]"):
            self.at += 1
            yield key, -1, []
            return
        index, is_last, name = 0, False, key[:50]
        while not is_last:
            yield key, index, self.value(f"{name}[{index}]")
            is_last = self.is_last("]")
            index += 1

    def is_last(self, closing: str) -> bool:
        """Move behind a comma, or behind the closing bracket, and say whether it was this."""
        comma = _COMMA.match(self._text, self.at)
        if comma and (end := comma.end()) < len(self._text) and self._text[end] != closing:
            self.at = end  # as nearly always
            return False
        if self.starts(closing):
            self.at += 1
            return True
        if self.starts(","):
            self.at += 1
            if not self.starts(closing):
                return False
        raise self.broken()

    def broken(self) -> DocumentInvalid:
        """Return what to say of a character that should not be here."""
        return DocumentInvalid(f"The JSON is broken near character {self._passed + self.at:,}.")

    def _more(self) -> bool:
        """Let go of what has been read, and take in at least as much as is held, so that long values cost no more."""
        chunk = self._file.read(max(_CHUNK, len(self._text) - self.at))
        if chunk:
            self._text, self._passed, self.at = self._text[self.at :] + chunk, self._passed + self.at, 0
        return bool(chunk)


def _is_cut_off(error: Exception, text: str) -> bool:
    """Say whether JSON may only be broken because more of it comes."""
    if not isinstance(error, json.JSONDecodeError):
        return False
    return error.pos + _MARGIN > len(text) or error.msg.startswith("Unterminated string")


def _encoding(file: BinaryIO) -> str:
    if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"
