"""An invented city of any size, so that everything can be tried without anybody's data.

It is called 示例市 (Sample City), its codes begin with 9901, its telephone numbers with 000; places, people and duties
are made up. It lies where Beijing lies, so that datums and projections behave as there, and copies nothing from it.
"""

CITY_NAME = "示例市 Sample City"
