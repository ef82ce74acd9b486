"""Flags whose values need a look before they are believed."""

from bookiter.errors import InvalidInput
from bookiter.stages.documents import Scale


def scale_flag(value: str | None) -> Scale | None:
    """Return a scale given by --scale. Raises InvalidInput for another word."""
    if value is None:
        return None
    if value == "patch":
        return "patch"
    if value == "regenerate":
        return "regenerate"
    raise InvalidInput(f"--scale cannot be {value!r}.", hint="It is patch or regenerate; without it bookiter decides.")
