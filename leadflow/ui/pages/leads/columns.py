"""The columns that the lead list has on offer. A width is in pixels; `grow` shares out what is left over."""

Column = dict[str, str | int | float | bool]

_TIME: Column = {"width": 104, "align": "end"}

COLUMNS: list[Column] = [
    {"key": "name", "label": "Name", "width": 180, "grow": 1.3, "sort": "name", "usual": True},
    {"key": "company", "label": "Company", "width": 132, "grow": 1.1, "sort": "company", "usual": True},
    {"key": "score", "label": "Score", "width": 164, "sort": "score", "first": "-score", "usual": True},
    {"key": "reason", "label": "Strongest reason", "width": 152, "grow": 1.3, "usual": True},
    {"key": "stage", "label": "Stage", "width": 96, "usual": True},
    {"key": "owner", "label": "Owner", "width": 132, "usual": True},
    {"key": "source", "label": "Source", "width": 108, "usual": True},
    {
        "key": "value",
        "label": "Value",
        "width": 96,
        "sort": "value",
        "first": "-value",
        "align": "end",
        "usual": True,
    },
    {"key": "captured_at", "label": "Came in", "sort": "captured_at", "first": "-captured_at", "usual": True, **_TIME},
    {"key": "title", "label": "Job title", "width": 148, "extra": True},
    {"key": "email", "label": "E-mail", "width": 200},
    {"key": "phone", "label": "Phone", "width": 148, "extra": True},
    {"key": "domain", "label": "Domain", "width": 140, "extra": True, "field": "email"},
    {"key": "country", "label": "Country", "width": 128},
    {"key": "band", "label": "Temperature", "width": 112},
    {"key": "trail", "label": "Score, two weeks", "width": 136},
    {"key": "stage_at", "label": "In stage", "width": 88, "align": "end"},
    {"key": "team", "label": "Team", "width": 132, "extra": True},
    {"key": "touched_at", "label": "Last touch", **_TIME},
    {"key": "due_at", "label": "Answer due", "width": 136},
    {"key": "closed_at", "label": "Closed", "extra": True, **_TIME},
]
"""`usual` ones are shown to whoever chose none; `extra` ones are in a row only where they are asked for; `field` is
what has to be in sight, where it is not called like the column.
"""

GROUPS = [
    {"value": "stage", "label": "Stage"},
    {"value": "owner", "label": "Owner"},
    {"value": "band", "label": "Temperature"},
    {"value": "source", "label": "Source"},
    {"value": "country", "label": "Country"},
    {"value": "captured_day", "label": "Day it came in"},
    {"value": "captured_week", "label": "Week it came in"},
    {"value": "captured_month", "label": "Month it came in"},
]
