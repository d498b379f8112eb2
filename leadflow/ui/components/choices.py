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

IMPORT_FIELDS = [
    {"value": "name", "label": "Name"},
    {"value": "first_name", "label": "First name"},
    {"value": "last_name", "label": "Last name"},
    {"value": "email", "label": "Email"},
    {"value": "phone", "label": "Phone"},
    {"value": "company", "label": "Company"},
    {"value": "title", "label": "Title"},
    {"value": "source", "label": "Source"},
    {"value": "value", "label": "Value"},
    {"value": "currency", "label": "Currency"},
    {"value": "country", "label": "Country"},
    {"value": "custom", "label": "A field of its own"},
]
