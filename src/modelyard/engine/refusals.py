"""Why a file is not taken as a picture."""

from modelyard.errors import Invalid


class ImageUnreadable(Invalid):
    """This file is not a picture that can be read."""


class ImageTooLarge(Invalid):
    """This picture is larger than the limit."""


class DicomRefused(ImageUnreadable):
    """This DICOM file cannot be read as one picture."""
