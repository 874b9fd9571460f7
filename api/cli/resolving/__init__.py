"""`gridsvc resolve IN OUT`: points of a file → chunks of answers, kept as they are done → one file of answers.

`command` is the walk: `sources` opens IN, `parts` keeps what is done beside OUT, `begun` binds that to what was asked,
`run` does the work and `targets` writes OUT.
"""
