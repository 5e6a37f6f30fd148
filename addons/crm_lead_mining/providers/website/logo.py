"""A company's logo as bytes for an image field."""

import io
import logging

from PIL import Image, UnidentifiedImageError

from ..errors import ProviderError
from .visit import Visit

_logger = logging.getLogger(__name__)

#: Formats that a logo may have. SVG is left out: it can carry scripts.
FORMATS = ("PNG", "JPEG", "GIF")
MIN_SIDE = 16  # pixels
MAX_PIXELS = 16_000_000
MAX_RATIO = 10  # of the longer to the shorter side


def fetch_logo(visit: Visit, url: str) -> bytes | None:
    """Return the image at `url`, or None if there is none that may serve as a logo.

    :param url: `Company.logo_url`; public hosts only, as for pages
    """
    try:
        answer = visit.image(url)
    except ProviderError as error:
        _logger.info("Logo %s: %s", url, error)
        return None
    return answer.body if answer and is_logo(answer.body) else None


def is_logo(content: bytes) -> bool:
    """Tell whether the content, not its announced type, is an image of a usable size.

    The size is read from the header before any pixel is unpacked.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            width, height = image.size
            if min(width, height) < MIN_SIDE or width * height > MAX_PIXELS:
                return False
            if max(width, height) > MAX_RATIO * min(width, height):
                return False
            image.load()
    except (
        UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError,
        EOFError, IndexError,
    ):  # fmt: skip
        return False
    return True
