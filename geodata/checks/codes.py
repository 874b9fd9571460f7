"""Codes: each once, in the form of its scheme, and in harmony with the area that the feature names."""

from collections import Counter
from collections.abc import Iterator

from geodata.checks.context import CheckContext
from geodata.checks.cycles import chain
from gridsvc.model.issue import Issue
from gridsvc.model.territory import Feature, Group, Layer


def check_codes(context: CheckContext) -> Iterator[Issue]:
    """Duplicate codes, schemes that nobody declared, and codes that lack their scheme's form."""
    for layer in Layer:
        features = context.territory.layer(layer)
        times = Counter(_name(layer, feature) for feature in features)
        for name in sorted({feature.scheme for feature in features}):
            if context.schemes.find(name) is None:
                yield context.found("SCHEME_UNKNOWN", name, layer.value, (), scheme=name)
        for feature in features:
            scheme = context.schemes.find(feature.scheme)
            if times[_name(layer, feature)] > 1:
                yield _tell(context, "DUPLICATE_CODE", layer, feature, count=times.pop(_name(layer, feature)))
            if scheme is not None and not scheme.fits(feature.code):
                yield _tell(context, "CODE_FORM", layer, feature, scheme=feature.scheme)


def check_code_parents(context: CheckContext) -> Iterator[Issue]:
    """Areas and cells whose code says another area above than their record does."""
    for area in context.territory.areas:
        said = context.schemes.parent_of(area.scheme, area.code)
        if said is not None and said not in chain(context.parents, area.parent):
            yield _tell(context, "CODE_AGAINST_PARENT", Layer.AREAS, area, said=said, parent=area.parent)
    for cell in context.territory.cells:
        said = context.schemes.parent_of(cell.scheme, cell.code)
        if said is not None and cell.area is not None and said not in chain(context.parents, cell.area):
            yield _tell(context, "CODE_AGAINST_PARENT", Layer.CELLS, cell, said=said, parent=cell.area)


def _name(layer: Layer, feature: Feature) -> tuple[str, str]:
    """Area codes stand alone in a city; all others count within their scheme."""
    return ("" if layer is Layer.AREAS else feature.scheme, feature.code)


def _tell(context: CheckContext, code: str, layer: Layer, feature: Feature, **values: object) -> Issue:
    place = None if isinstance(feature, Group) else feature.geometry
    return context.found(code, feature.scheme, layer.value, (feature.code,), place, **values)
