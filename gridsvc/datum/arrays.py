"""Array types of coordinates; axis order is always x, y (lon, lat)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Int32Array = NDArray[np.int32]
Int8Array = NDArray[np.int8]
BoolArray = NDArray[np.bool_]
ByteArray = NDArray[np.uint8]


def make_read_only(*arrays: NDArray[Any]) -> None:
    """Nobody changes them from now on, as nobody changes those that come out of a file."""
    for array in arrays:
        array.setflags(write=False)
