"""The night shift: projections, due jobs and the timetable. No rule lives here."""
