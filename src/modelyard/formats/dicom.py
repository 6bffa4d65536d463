"""DICOM files without patients: only what is needed to show the picture is kept, under new identifiers.

The other way round than lists of what to remove (PS3.15, Annex E): whatever is not known to be harmless goes, private
elements, overlays, names, dates, places, devices, comments and all. What is burnt into the picture itself stays.
"""

from collections.abc import Iterable
from io import BytesIO

import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import (
    HTJ2K,
    PYDICOM_IMPLEMENTATION_UID,
    UID,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    JPEG2000TransferSyntaxes,
    JPEGLSTransferSyntaxes,
    JPEGTransferSyntaxes,
    SecondaryCaptureImageStorage,
    generate_uid,
)

from modelyard.errors import Invalid
from modelyard.formats import metadata

METHOD = "Modelyard: only what is needed to show the picture was kept"
_KEPT = (
    *("SOPClassUID", "Modality", "PatientIdentityRemoved", "BurnedInAnnotation", "LossyImageCompression"),
    *("SamplesPerPixel", "PhotometricInterpretation", "PlanarConfiguration", "Rows", "Columns", "NumberOfFrames"),
    *("BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation", "PixelAspectRatio", "PresentationLUTShape"),
    *("SmallestImagePixelValue", "LargestImagePixelValue", "PixelPaddingValue", "PixelPaddingRangeLimit"),
    *("PixelSpacing", "ImagerPixelSpacing", "SliceThickness", "PixelIntensityRelationship"),
    *("PixelIntensityRelationshipSign", "RescaleSlope", "RescaleIntercept", "RescaleType"),
    *("WindowCenter", "WindowWidth", "VOILUTFunction"),
    *(f"{color}PaletteColorLookupTable{part}" for color in ("Red", "Green", "Blue") for part in ("Descriptor", "Data")),
    *(f"Segmented{color}PaletteColorLookupTableData" for color in ("Red", "Green", "Blue")),
)
_TABLES = ("ModalityLUTSequence", "VOILUTSequence")
_KEPT_IN_TABLES = ("LUTDescriptor", "LUTData", "ModalityLUTType")
_EMPTY = ("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "StudyID")
_ALSO_EMPTY = ("AccessionNumber", "ReferringPhysicianName")
_NEW = ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
_PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
_JPEGS = (
    *JPEGTransferSyntaxes,
    *JPEGLSTransferSyntaxes,
    *JPEG2000TransferSyntaxes,
    HTJ2K,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
)


class DicomDamaged(Invalid):
    """This DICOM file is damaged, so nothing can be taken out of it."""


def deidentify(data: bytes) -> bytes:
    """Return a DICOM file with the same pixels and nothing that tells of a person; the same bytes give the same file.

    Raises:
        DicomDamaged: It cannot be parsed.
    """
    try:
        source = pydicom.dcmread(BytesIO(data))
        made = _bare(source, seed=data)
        out = BytesIO()
        made.save_as(out, enforce_file_format=True)
        return out.getvalue()
    except DicomDamaged:
        raise
    except Exception as error:  # pydicom raises a dozen unrelated classes for damaged files
        raise DicomDamaged from error


def _bare(source: FileDataset, *, seed: bytes) -> Dataset:
    made = Dataset()
    _copy(source, made, _KEPT)
    for name in _TABLES:
        if name in source:
            setattr(made, name, [_part(item) for item in source[name].value])
    for name in (*_EMPTY, *_ALSO_EMPTY):
        setattr(made, name, "")
    for name in _NEW:
        setattr(made, name, generate_uid(entropy_srcs=[name, seed.hex()]))
    made.PatientIdentityRemoved = "YES"
    made.DeidentificationMethod = METHOD
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = source.file_meta.TransferSyntaxUID
    made.file_meta.MediaStorageSOPClassUID = UID(source.get("SOPClassUID") or SecondaryCaptureImageStorage)
    made.SOPClassUID = made.file_meta.MediaStorageSOPClassUID
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    made.file_meta.ImplementationClassUID = PYDICOM_IMPLEMENTATION_UID
    made.preamble = b"\0" * 128
    _take_pixels(source, made)
    return made


def _part(item: Dataset) -> Dataset:
    made = Dataset()
    _copy(item, made, _KEPT_IN_TABLES)
    return made


def _copy(source: Dataset, target: Dataset, names: Iterable[str]) -> None:
    for name in names:
        if name in source:
            target.add(source[name])


def _take_pixels(source: FileDataset, made: Dataset) -> None:
    """Take the pixels over, and nothing that lies behind them or, in JPEGs of all kinds, between them."""
    _copy(source, made, _PIXELS)
    if "PixelData" not in source:
        return
    if source.file_meta.TransferSyntaxUID.is_compressed and source["PixelData"].is_undefined_length:
        frames = list(generate_frames(source.PixelData, number_of_frames=1))
        if source.file_meta.TransferSyntaxUID in _JPEGS:  # Cameras write into those as into any JPEG.
            frames = [_stripped(frame) for frame in frames]
        made.PixelData = encapsulate(frames)
        made["PixelData"].is_undefined_length = True
        made["PixelData"].VR = "OB"
        return
    bits = int(source.Rows) * int(source.Columns) * int(source.SamplesPerPixel) * int(source.BitsAllocated)
    if str(source.PhotometricInterpretation) in ("YBR_FULL_422", "YBR_PARTIAL_422"):
        bits = bits * 2 // 3
    length = -(-bits // 8)
    made.PixelData = source.PixelData[:length] + b"\0" * (length % 2)
    made["PixelData"].VR = source["PixelData"].VR


def _stripped(frame: bytes) -> bytes:
    bare = metadata.strip(frame)
    if bare is None:
        raise DicomDamaged("The picture in this DICOM file is damaged, so nothing can be taken out of it.")
    return bare
