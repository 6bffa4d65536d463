"""Nothing that tells of a person leaves in a DICOM file, and the picture in it stays as it was."""

import io

import numpy as np
import pydicom
import pytest
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    RLELossless,
)

from modelyard.engine.pixels import open_image, read_rgb, turned_values
from modelyard.formats.dicom import DicomDamaged, deidentify
from modelyard.formats.metadata import strip
from tests.factories.dicom import PATIENT, SECRET, dicom, ramp, read

SECRETS = (PATIENT, SECRET, "4711", "19700101", "20240229", "ACME")


@pytest.mark.parametrize(
    "syntax", [ExplicitVRLittleEndian, RLELossless, JPEGLSLossless, DeflatedExplicitVRLittleEndian]
)
def test_a42_values_and_windows_stay_and_the_patient_goes(syntax: UID):
    data = dicom(ramp(), syntax=syntax, Modality="CT", WindowCenter=[40, 500], WindowWidth=[400, 1500], RescaleSlope=2)
    bare = deidentify(data)
    before, after = (turned_values(open_image(file)) for file in (data, bare))
    assert before is not None and after is not None
    assert (before.steps == after.steps).all() and before.windows == after.windows and after.unit == "HU"
    whole = io.BytesIO()
    read(bare).save_as(whole)
    for secret in SECRETS:
        assert secret.encode() not in bare
        assert secret not in str(read(bare))
    assert read(bare).PatientName == "" and read(bare).PatientIdentityRemoved == "YES"
    assert not [element for element in read(bare) if element.tag.is_private]


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, JPEGBaseline8Bit, JPEG2000Lossless])
def test_colours_stay(syntax: UID):
    pixels = np.random.default_rng(0).integers(0, 256, (32, 48, 3), np.uint8)
    elements = {"PhotometricInterpretation": "YBR_RCT"} if syntax == JPEG2000Lossless else {}
    data = dicom(pixels, syntax=syntax, **elements)
    assert (read_rgb(deidentify(data)) == read_rgb(data)).all()


def test_identifiers_are_new_and_the_same_each_time():
    data = dicom(ramp())
    first, second, source = read(deidentify(data)), read(deidentify(data)), read(data)
    for name in ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"):
        assert getattr(first, name) == getattr(second, name) != getattr(source, name)
    assert deidentify(data) == deidentify(data)


def test_nothing_hides_before_or_behind_the_picture():
    dataset = read(dicom(ramp()))
    dataset.preamble = SECRET.encode().ljust(128, b"\0")
    dataset.PixelData += SECRET.encode()
    dataset.add_new(0x60003000, "OW", SECRET.encode())
    item = pydicom.Dataset()
    item.LUTDescriptor, item.LUTData, item.LUTExplanation = [4, 0, 16], b"\0\0\1\0\2\0\3\0", SECRET
    dataset.VOILUTSequence = [item]
    out = io.BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    bare = strip(out.getvalue())
    assert bare is not None and SECRET.encode() not in bare
    assert read(bare).VOILUTSequence[0].LUTDescriptor == [4, 0, 16]


def with_comment(syntax: UID, frame: bytes, told: bytes) -> bytes:
    """Return a coded frame that tells something in each place which its format has for comments, and behind its end."""
    segment = (len(told) + 2).to_bytes(2, "big") + told
    if syntax != JPEG2000Lossless:
        return frame[:2] + b"\xff\xfe" + segment + b"\xff\xe5" + segment + frame[2:] + told
    segment = b"\xff\x64" + (len(told) + 4).to_bytes(2, "big") + b"\0\1" + told
    head = 4 + int.from_bytes(frame[4:6], "big")
    part, pixels = frame.index(b"\xff\x90"), frame.index(b"\xff\x93")
    length = int.from_bytes(frame[part + 6 : part + 10], "big") + len(segment)
    start = frame[part : part + 6] + length.to_bytes(4, "big") + frame[part + 10 : pixels]
    return frame[:head] + segment + frame[head:part] + start + segment + frame[pixels:] + told


@pytest.mark.parametrize("syntax", [JPEGBaseline8Bit, JPEGLSLossless, JPEG2000Lossless])
def test_nothing_hides_inside_a_jpeg(syntax: UID):
    pixels = np.random.default_rng(0).integers(0, 256, (32, 48, 3), np.uint8)
    elements = {"PhotometricInterpretation": "YBR_RCT"} if syntax == JPEG2000Lossless else {}
    before = dicom(pixels, syntax=syntax, **elements)
    dataset = read(before)
    (frame,) = generate_frames(dataset.PixelData, number_of_frames=1)
    told = SECRET.encode()
    dataset.PixelData = encapsulate([with_comment(syntax, frame, told)])
    dataset["PixelData"].is_undefined_length = True
    out = io.BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    bare = deidentify(out.getvalue())
    assert out.getvalue().count(told) >= 3 and told not in bare
    assert (read_rgb(bare) == read_rgb(before)).all()


@pytest.mark.parametrize("syntax", [JPEGBaseline8Bit, JPEGLSLossless, JPEG2000Lossless])
def test_a_jpeg_that_cannot_be_followed_is_not_let_through(syntax: UID):
    elements = {"PhotometricInterpretation": "YBR_RCT"} if syntax == JPEG2000Lossless else {}
    dataset = read(dicom(np.zeros((32, 48, 3), np.uint8), syntax=syntax, **elements))
    (frame,) = generate_frames(dataset.PixelData, number_of_frames=1)
    for damaged in (frame[:2] + b"\0\0" + frame[2:], frame[:30], b"\0\0" + frame):
        dataset.PixelData = encapsulate([damaged])
        dataset["PixelData"].is_undefined_length = True
        out = io.BytesIO()
        dataset.save_as(out, enforce_file_format=True)
        with pytest.raises(DicomDamaged):
            deidentify(out.getvalue())


def test_what_cannot_be_parsed_is_not_let_through():
    with pytest.raises(DicomDamaged):
        deidentify(b"\0" * 128 + b"DICM" + b"\x02\0\x10\0UI\x08\0broken")
