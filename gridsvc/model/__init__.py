"""The words of the field, as frozen dataclasses without input or output.

=============  =================  ==========================================================================
word           中文               meaning
=============  =================  ==========================================================================
cell           单元网格           smallest management polygon, about 1 ha; 15 digits in Beijing
group          网格组             a set of cells with a purpose (duty, management, evaluation)
area           辖区               district, subdistrict or township, community or village: the tree above cells
segment        街巷段             one section of a street, lane or hutong: a centre line
component      部件               a fixed thing with three departments: competent, owner, maintainer
patch          责任片区           polygon × categories × department: a park, a river, a railway
determination  现场定责           the remembered outcome of a joint decision on site
territory      地理图层           all layers at one moment
edition        版本(发布版)       a published territory, immutable, in force from an instant
draft          调整方案(草稿)     an edition being edited, based on an edition
roster         责任名册           people, posts, departments, shifts, duty lists, competences: an append-only log
post           岗位               a role on a target (segment, side, cell, group, area)
assignment     责任分配           a person holding a post for a time, with a stand-in
shift          值班               who is on duty now, with the number that rings
competence     权责               category × area × department × part × validity
category       部件/事件类别      what a matter is about; kind COMPONENT or EVENT
datum          坐标系             WGS84, CGCS2000, GCJ02, BD09 or a CRS; never guessed
location       位置               one place on earth with its datum, accuracy and raw pair
resolution     责任判定           the whole answer for one location at one time
issue          问题               what a check found: feature, place, remedy
=============  =================  ==========================================================================

A thing of the field is named by (scheme, code): codes are being revised, so a code alone says little.
Area and department codes are unique in a city and stand alone. Coordinates are lon, lat (x, y) in degrees,
WGS84, taken as equal to CGCS2000. Validity is half-open, [from, to); an open end is None.
"""
