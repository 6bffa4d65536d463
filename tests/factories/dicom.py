"""DICOM files made from arrays, with a patient in them who must never leave the server."""

import io
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    CTImageStorage,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
    generate_uid,
)

PATIENT = "Muster^Erika"
SECRET = "Ward 7, very private"


def dicom(pixels: NDArray[Any], *, syntax: UID = ExplicitVRLittleEndian, **elements: Any) -> bytes:
    """Return a DICOM file of greys, shape (H, W), or colours, shape (H, W, 3); elements by keyword are added."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID = CTImageStorage, generate_uid()
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = generate_uid(), generate_uid()
    dataset.PatientName, dataset.PatientID, dataset.PatientBirthDate = PATIENT, "4711", "19700101"
    dataset.InstitutionName, dataset.StudyDescription, dataset.StudyDate = SECRET, SECRET, "20240229"
    dataset.private_block(0x0009, "ACME", create=True).add_new(1, "LO", SECRET)
    dataset.Modality = "OT"
    dataset.Rows, dataset.Columns = pixels.shape[:2]
    dataset.SamplesPerPixel = 1 if pixels.ndim == 2 else 3
    dataset.PhotometricInterpretation = "MONOCHROME2" if pixels.ndim == 2 else "RGB"
    if pixels.ndim == 3:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated = dataset.BitsStored = 8 * pixels.dtype.itemsize
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = int(pixels.dtype.kind == "i")
    dataset.PixelData = pixels.tobytes() + b"\0" * (pixels.nbytes % 2)
    dataset["PixelData"].VR = "OW" if pixels.dtype.itemsize > 1 else "OB"
    for name, value in elements.items():
        setattr(dataset, name, value)
    if syntax == RLELossless:
        dataset.compress(RLELossless)
    elif syntax in (JPEGBaseline8Bit, JPEG2000Lossless):
        _coded_by_pillow(dataset, pixels, syntax)
    out = io.BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    return _coded_by_gdcm(out.getvalue(), syntax) if syntax in (JPEGLosslessSV1, JPEGLSLossless) else out.getvalue()


def _coded_by_pillow(dataset: Dataset, pixels: NDArray[Any], syntax: UID) -> None:
    stream = io.BytesIO()
    if syntax == JPEGBaseline8Bit:
        Image.fromarray(pixels).save(stream, "JPEG", quality=100, subsampling=0)
        if pixels.ndim == 3:
            dataset.PhotometricInterpretation = "YBR_FULL"
    else:
        Image.fromarray(pixels).save(stream, "JPEG2000", no_jp2=True, irreversible=False)
    dataset.PixelData = encapsulate([stream.getvalue()])
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    dataset.file_meta.TransferSyntaxUID = syntax


def _coded_by_gdcm(data: bytes, syntax: UID) -> bytes:
    import tempfile
    from pathlib import Path

    import gdcm

    wanted = {
        JPEGLosslessSV1: gdcm.TransferSyntax.JPEGLosslessProcess14_1,
        JPEGLSLossless: gdcm.TransferSyntax.JPEGLSLossless,
    }
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "a.dcm", Path(folder) / "b.dcm"
        source.write_bytes(data)
        reader = gdcm.ImageReader()
        reader.SetFileName(str(source))
        assert reader.Read()
        change = gdcm.ImageChangeTransferSyntax()
        change.SetTransferSyntax(gdcm.TransferSyntax(wanted[syntax]))
        change.SetInput(reader.GetImage())
        assert change.Change()
        writer = gdcm.ImageWriter()
        writer.SetFileName(str(target))
        writer.SetFile(reader.GetFile())
        writer.SetImage(change.GetOutput())
        assert writer.Write()
        return target.read_bytes()


def read(data: bytes) -> pydicom.Dataset:
    """Return a DICOM file's data set."""
    return pydicom.dcmread(io.BytesIO(data))


def ramp(height: int = 40, width: int = 64) -> NDArray[np.int16]:
    """Return values from -1,000 on, every one different, shape (H, W)."""
    return (np.arange(height * width, dtype=np.int16) - 1000).reshape(height, width)
