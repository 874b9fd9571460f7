"""Model objects to maps: folium lives here and nowhere else. Draws what it is given."""
