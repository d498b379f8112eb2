"""What the filters offer, in the words of the screen."""

BANDS = [
    {"value": "hot", "label": "Hot", "icon": "Flame"},
    {"value": "warm", "label": "Warm", "icon": "Sun"},
    {"value": "cold", "label": "Cold", "icon": "Snowflake"},
]
