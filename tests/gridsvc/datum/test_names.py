"""Names of datums: what is accepted, and that nothing is guessed."""

import pytest
from pyproj import CRS

from gridsvc.datum import parse_datum
from gridsvc.errors import UnknownDatum


@pytest.mark.parametrize(
    "text", [None, "", "  ", "Mars2000", "EPSG:", "EPSG:999999", "4548", "+proj=utm", "EPSG:5773", "EPSG:4978",
             'PROJCS["broken"', "PROJCS[" + "x" * 30_000, "../etc/passwd\nEPSG:4326"],
)  # fmt: skip
def test_what_is_no_datum_is_refused_on_one_line_with_a_remedy(text):
    with pytest.raises(UnknownDatum, match=r"give WGS84, CGCS2000, GCJ02, BD09, an EPSG code") as caught:
        parse_datum(text)
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 220


_SPHERE = (
    'DATUM["d",SPHEROID["WGS 84",6378137,298.257223563],{}],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]'
)


@pytest.mark.parametrize(
    "text",
    [
        f'GEOGCS["a",{_SPHERE.format(inner)}]'
        for inner in ('EXTENSION["PROJ4_GRIDS","@/no/such/grid"]', 'extension["PROJ4","+proj=longlat +nadgrids=/no"]')
    ]
    + ['BOUNDCRS[SOURCECRS[GEOGCRS["a"]],METHOD["NTv2"],PARAMETERFILE["g","@/no/such/grid"]]'],
)
def test_a_crs_that_has_files_opened_is_refused_unread(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CRS, "from_user_input", lambda _: pytest.fail("it was given to PROJ"))
    with pytest.raises(UnknownDatum):
        parse_datum(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [("wgs84", "WGS84"), ("WGS-84", "WGS84"), ("epsg:4326", "WGS84"), (" WGS 84 ", "WGS84"), ("EPSG:4490", "CGCS2000"),
     ("gcj-02", "GCJ02"), ("GCJ02", "GCJ02"), ("bd09ll", "BD09"), ("BD_09", "BD09"), ("epsg:4548", "EPSG:4548")],
)  # fmt: skip
def test_spelling_does_not_matter(text, name):
    assert parse_datum(text) == name


def test_well_known_text_is_kept_as_given():
    wkt = CRS.from_epsg(4548).to_wkt(pretty=True)
    assert parse_datum(wkt) == wkt
