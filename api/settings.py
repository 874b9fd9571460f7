"""Everything that can be set, from the environment (prefix GRIDSVC_); built once at the top and handed down."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.oidc.flow import is_safe
from gridsvc.errors import InvalidInput

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def _check_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{name!r} is no time zone: use a name such as Asia/Shanghai") from error
    return name


def _check_prefix(path: str) -> str:
    trimmed = path.rstrip("/")
    if trimmed and not trimmed.startswith("/"):
        raise ValueError("a path such as /grid is wanted, beginning with a slash")
    return trimmed


def _check_issuer(address: str | None) -> str | None:
    if address is not None and not is_safe(address):
        raise ValueError("an https address is wanted")
    return address


def _same_on_maps(datum: object) -> object:
    """CGCS2000, as the state's own maps say of themselves, and WGS84 are taken as equal, as everywhere."""
    return "WGS84" if datum == "CGCS2000" else datum


ZoneName = Annotated[str, AfterValidator(_check_zone)]
FolderPath = Annotated[Path, PlainSerializer(str)]


class Settings(BaseSettings):
    """The settings of one service; each is an environment variable GRIDSVC_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="GRIDSVC_", env_ignore_empty=True, frozen=True, extra="forbid")

    data_dir: FolderPath = Field(
        default=Path(".gridsvc"), description="Folder of the embedded database and of cached files."
    )
    database_url: str | None = Field(
        default=None, description="postgresql+psycopg://… or sqlite:///…; not set: an SQLite file in the data folder."
    )
    host: str = Field(
        default="127.0.0.1", description="Address to listen on; beyond the loopback it is refused without accounts."
    )
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    workers: int = Field(
        default=1, ge=1, le=64, description="Serving processes; they share the index files and follow one database."
    )
    root_path: Annotated[str, AfterValidator(_check_prefix)] = Field(
        default="", description="Path below which a reverse proxy shows the service, such as /grid."
    )
    trusted_proxies: str = Field(
        default="127.0.0.1,::1",
        description="Addresses of reverse proxies whose X-Forwarded-For and -Proto are believed; `none`: of none.",
    )
    timezone: ZoneName = Field(
        default="Asia/Shanghai", description="Time zone of the city: days of the roster, times in answers."
    )
    crs: str | None = Field(
        default=None, description="Projected CRS in metres, EPSG code or WKT; not set: the UTM zone of the data."
    )
    tolerance_m: float = Field(
        default=10.0, ge=0, le=1000, description="How far beside every cell a place still belongs to one."
    )
    segment_radius_m: float = Field(
        default=50.0, gt=0, le=1000, description="How far away a street segment is looked for."
    )
    component_radius_m: float = Field(
        default=20.0, gt=0, le=1000, description="How far away a component is looked for."
    )
    public_read: bool = Field(
        default=False, description="Areas, cells, segments, editions and answers are for everybody."
    )
    session_hours: int = Field(default=12, ge=1, le=168, description="After how many hours one signs in again.")
    track_days: int = Field(default=30, ge=1, le=3650, description="For how many days fixes of field staff are kept.")
    oidc_issuer: Annotated[str | None, AfterValidator(_check_issuer)] = Field(
        default=None, description="OpenID Connect provider that shows who somebody is; not set: passwords only."
    )
    oidc_client_id: str = Field(default="", description="This service's name at the provider.")
    oidc_client_secret: SecretStr = Field(default=SecretStr(""), description="This service's secret at the provider.")
    demo: bool = Field(default=False, description="A visitor may read everything: for invented data only.")
    city_name: str = Field(default="全市 City", min_length=1, description="Name of the city on pages and in answers.")
    schemes_file: FolderPath | None = Field(
        default=None, description="TOML file that declares code schemes of the city's own."
    )
    tiles_url: str | None = Field(
        default=None,
        description="Base map: https://…/{z}/{x}/{y}.png, folder:/path of z/x/y pictures, or pmtiles:/path.",
    )
    tiles_datum: Annotated[Literal["WGS84", "GCJ02"] | None, BeforeValidator(_same_on_maps)] = Field(
        default=None, description="Datum that the base map is drawn in (CGCS2000 is WGS84 there); to be said with it."
    )
    tiles_attribution: str | None = Field(default=None, description="Whose map it is, shown on it.")
    map_review_number: str | None = Field(default=None, description="审图号, the review number shown on maps.")

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def store_url(self) -> str:
        """Where the database is, the default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'gridsvc.db'}"

    @property
    def written_folders(self) -> tuple[Path, ...]:
        """Where something is written: the data folder, and that of an embedded database elsewhere."""
        kind, _, file = self.store_url.partition(":///")
        return (self.data_dir, Path(file).parent) if kind.startswith("sqlite") else (self.data_dir,)

    @property
    def index_dir(self) -> Path:
        """Where compiled editions are kept."""
        return self.data_dir / "index"

    @property
    def kernel_dir(self) -> Path:
        """Where compiled kernels are kept."""
        return self.data_dir / "kernels"

    @property
    def page_dir(self) -> Path:
        """Folder of the drawn city page."""
        return self.data_dir / "page"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        return self.host in LOOPBACK

    def now(self) -> datetime:
        """The present instant in the city's time zone."""
        return datetime.now(self.zone)


def load_settings(**given: object) -> Settings:
    """Settings from the environment, `given` ones first. Raises InvalidInput that names the variable."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        reason = first["msg"].removeprefix("Value error, ")
        raise InvalidInput(f"GRIDSVC_{name}: {reason}" if name else reason) from error
