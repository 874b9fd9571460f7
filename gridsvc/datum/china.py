"""Where GCJ-02 and BD-09 are in use: mainland China, told by boxes.

The map services shift everything inside one wide rectangle, except Hong Kong, Macau and Taiwan. The boxes taken out
lie wholly inside those three, so no place of the mainland is refused; a belt of a few kilometres along their
borders, and foreign ground inside the rectangle, is let through.
"""

import numpy as np

from gridsvc.datum.arrays import BoolArray, FloatArray

_MAINLAND = (72.004, 0.8293, 137.8347, 55.8271)
_WITHOUT_SHIFT = (
    (113.83, 22.15, 114.45, 22.42),  # Hong Kong: islands, Kowloon, the south of the New Territories
    (113.97, 22.42, 114.35, 22.49),  # Hong Kong: the north, short of Shenzhen
    (113.537, 22.183, 113.557, 22.213),  # Macau: the peninsula
    (113.557, 22.11, 113.60, 22.17),  # Macau: Taipa and Coloane
    (120.0, 21.8, 122.1, 25.4),  # Taiwan
    (119.3, 23.1, 119.8, 23.8),  # Penghu
)


def is_shifted_ground(lon: FloatArray, lat: FloatArray) -> BoolArray:
    """Whether the shifted datums apply at places, in degrees of any datum: the boxes are coarse."""
    inside = _in_box(lon, lat, _MAINLAND)
    for box in _WITHOUT_SHIFT:
        inside &= ~_in_box(lon, lat, box)
    return inside


def is_shifted_place(lon: float, lat: float) -> bool:
    """`is_shifted_ground` of one place."""
    held = (west <= lon <= east and south <= lat <= north for west, south, east, north in (_MAINLAND, *_WITHOUT_SHIFT))
    return next(held) and not any(held)


def _in_box(lon: FloatArray, lat: FloatArray, box: tuple[float, float, float, float]) -> BoolArray:
    west, south, east, north = box
    return np.asarray((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north), np.bool_)
