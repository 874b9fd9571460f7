"""From the plan to the earth: bends the plan smoothly and lays it down near Beijing, at 116.40° E 39.92° N.

The place is chosen so that GCJ-02 and EPSG:4548 make sense there; nothing of the real city is copied. Metres become
degrees by one affine map; widths and areas come out right to about 1 % even for the largest city.
"""

from dataclasses import dataclass

import numpy as np

from geodata.sample_city.plan import Floats

CENTRE_LON, CENTRE_LAT = 116.40, 39.92
METRES_PER_DEGREE_LON = 85_390.0
METRES_PER_DEGREE_LAT = 111_030.0
DIGITS = 9
SQUIRCLE = 0.62
TILT_RAD = -0.06


@dataclass(frozen=True)
class Warp:
    """A smooth map of the plane without folds: its displacements change by clearly less than a metre per metre."""

    width_m: float
    height_m: float
    river_x: float
    waves: Floats
    bend_phase: float

    def metres(self, xy: Floats) -> Floats:
        """Bent plan coordinates in metres."""
        x, y = xy[..., 0], xy[..., 1]
        reach = max(0.28 * self.width_m, 600.0)
        reach = min(reach, 1500.0)
        bend = np.sin(2 * np.pi * y / max(0.66 * min(self.height_m, 4600.0), 900.0) + self.bend_phase)
        x = x + 0.2 * reach * bend * np.exp(-(((x - self.river_x) / reach) ** 2))
        dx, dy = np.zeros_like(x), np.zeros_like(y)
        for kx, ky, phase, ax, ay in self.waves:
            swing = np.sin(kx * x + ky * y + phase)
            dx += ax * swing
            dy += ay * swing
        x, y = x + dx, y + dy
        u, v = x / (self.width_m / 2), y / (self.height_m / 2)
        u2, v2 = np.minimum(u * u, 1.3), np.minimum(v * v, 1.3)
        x, y = x * np.sqrt(1 - SQUIRCLE * v2 / 2), y * np.sqrt(1 - SQUIRCLE * u2 / 2)
        cos, sin = np.cos(TILT_RAD), np.sin(TILT_RAD)
        return np.stack([x * cos - y * sin, x * sin + y * cos], axis=-1)


def draw_warp(width_m: float, height_m: float, river_x: float, rng: np.random.Generator) -> Warp:
    """A warp of seeded waves, 1.3 to 4 km long."""
    waves = []
    for length in (1300.0, 1700.0, 2300.0, 3100.0, 4000.0):
        heading, direction = rng.uniform(0, 2 * np.pi, 2)
        k, size = 2 * np.pi / length, 0.016 * length
        waves.append(
            [
                k * np.cos(heading),
                k * np.sin(heading),
                rng.uniform(0, 2 * np.pi),
                size * np.cos(direction),
                size * np.sin(direction),
            ]
        )
    return Warp(width_m, height_m, river_x, np.array(waves), float(rng.uniform(0, 2 * np.pi)))


def to_lonlat(metres: Floats) -> Floats:
    """Degrees, rounded to a tenth of a millimetre: the doubles that everybody shares."""
    scaled = metres / [METRES_PER_DEGREE_LON, METRES_PER_DEGREE_LAT] + [CENTRE_LON, CENTRE_LAT]
    rounded: Floats = np.round(scaled, DIGITS)
    return rounded
