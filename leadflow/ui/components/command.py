"""How a button or link offers itself to the palette and to a key; see wrappers/commands.js."""


def command(label: str, key: str = "") -> dict[str, str]:
    """Attributes for something that is drawn anyway: `label` in the palette, and keys that press it while nobody types,
    one after the other, such as "g b".
    """
    return {"data-command": label, **({"data-key": key} if key else {})}
