"""How a figure grows with the size of what it is measured on."""

import math
from collections.abc import Mapping


def slope(points: Mapping[int, float]) -> float:
    """Of the logarithm of the values over that of the sizes, by least squares; 0 for a single size.

    >>> slope({10: 1.0, 100: 10.0, 1000: 100.0}), slope({10: 5.0, 1000: 5.0})
    (1.0, 0.0)
    """
    if len(points) < 2:
        return 0.0
    logs = [(math.log(size), math.log(value)) for size, value in points.items()]
    x_mean, y_mean = (sum(point[axis] for point in logs) / len(logs) for axis in (0, 1))
    spread = sum((x - x_mean) ** 2 for x, _ in logs)
    return round(sum((x - x_mean) * (y - y_mean) for x, y in logs) / spread, 3)
