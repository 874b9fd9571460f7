"""What a city may set about resolving; the rules themselves are not settings."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class ResolveOptions:
    """`tolerance_m` bridges gaps and marks borders; the radii bound the search for segments and components.

    `zone` turns an instant into the local day on which roster rows hold; `city_name` names the department of
    last resort.
    """

    tolerance_m: float = 10.0
    segment_radius_m: float = 50.0
    component_radius_m: float = 20.0
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    city_name: str = "全市 City"


DEFAULT_OPTIONS = ResolveOptions()
