"""What the filters offer, in the words of the screen."""

BANDS = [
    {"value": "hot", "label": "Hot", "icon": "Flame"},
    {"value": "warm", "label": "Warm", "icon": "Sun"},
    {"value": "cold", "label": "Cold", "icon": "Snowflake"},
]

CAPTURED = [
    {"value": "today", "label": "Today"},
    {"value": "7d", "label": "Last 7 days"},
    {"value": "30d", "label": "Last 30 days"},
]
