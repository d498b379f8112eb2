"""The REST door, the server-rendered pages, and the guard before everything."""
