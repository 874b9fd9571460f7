"""folium's map without another host: own lists of scripts and styles, no tiles, the same id in every run.

folium keeps its lists on the class and `add_js_link` edits them for every later map of the process; a subclass with
lists of its own leaves them alone. The template is replaced because folium's forbids zooming on phones and styles
`html` and `body`.
"""

from typing import Any

import folium
from folium.template import Template

VENDOR = "assets/vendor/leaflet"


class LocalMap(folium.Map):
    """A map whose scripts and styles all lie below `assets/`; its JavaScript variable is `map_<name>`."""

    default_js = [("leaflet", f"{VENDOR}/leaflet.js")]  # noqa: RUF012  folium's own shape
    default_css = [("leaflet_css", f"{VENDOR}/leaflet.css")]  # noqa: RUF012

    _template = Template(
        """
        {% macro header(this, kwargs) %}
            <script>
                L_NO_TOUCH = {{ this.global_switches.no_touch|tojson }};
                L_DISABLE_3D = {{ this.global_switches.disable_3d|tojson }};
            </script>
        {% endmacro %}

        {% macro html(this, kwargs) %}
            <div class="folium-map" id="{{ this.get_name() }}"></div>
        {% endmacro %}

        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
                center: {{ this.location|tojson }},
                crs: L.CRS.{{ this.crs }},
                ...{{ this.options|tojavascript }},
                ...matchMedia("(prefers-reduced-motion: reduce)").matches && {
                    fadeAnimation: false, zoomAnimation: false, markerZoomAnimation: false, inertia: false
                }
            });
        {% endmacro %}
        """
    )

    def __init__(self, name: str, **options: Any) -> None:
        super().__init__(tiles=None, **options)
        self._id = name
