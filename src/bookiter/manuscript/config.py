"""Every setting, typed, and the layers it may come from: shipped default < bookiter.yaml < BOOKITER_* < flags."""

import difflib
import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bookiter.errors import InvalidConfig
from bookiter.manuscript.yamlfile import load_mapping, parse_yaml
from bookiter.resources import shipped

FILE_NAME = "bookiter.yaml"
ENV_PREFIX = "BOOKITER_"
STAGES = ("intent", "scale", "diff", "regenerate", "judge", "summary")


def _inside(folder: str) -> str:
    path = PurePosixPath(folder)
    if path.is_absolute() or ".." in path.parts or "\\" in folder or {".git", ".bookiter"} & set(path.parts):
        raise ValueError("must be a folder inside the manuscript")
    return str(path)


def _file_pattern(pattern: str) -> str:
    if "/" in pattern or "\\" in pattern or not pattern:
        raise ValueError("must be a file name pattern without a folder, such as *.md")
    return pattern


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class LevelSettings(_Settings):
    folder: Annotated[str, AfterValidator(_inside)]
    files: Annotated[str, AfterValidator(_file_pattern)] = "*.md"
    exclude: list[str] = []


class Models(_Settings):
    default: str
    intent: str
    scale: str
    diff: str
    regenerate: str
    judge: str
    summary: str


class Temperature(_Settings):
    intent: float | None = Field(ge=0, le=2)
    scale: float | None = Field(ge=0, le=2)
    diff: float | None = Field(ge=0, le=2)
    regenerate: float | None = Field(ge=0, le=2)
    judge: float | None = Field(ge=0, le=2)
    summary: float | None = Field(ge=0, le=2)


class Price(_Settings):
    input: float = Field(ge=0)
    output: float = Field(ge=0)


class OpenAI(_Settings):
    base_url: str = Field(pattern=r"^https?://")
    api_key_env: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    timeout: float = Field(gt=0)
    idle_timeout: float = Field(gt=0)
    max_retries: int = Field(ge=0, le=20)
    max_tokens: int | None = Field(gt=0)
    prices: dict[str, Price]


class Checks(_Settings):
    shortest: float = Field(ge=0, le=1)
    longest: float = Field(ge=1)
    lost_paragraphs: float = Field(ge=0, le=1)


class Judge(_Settings):
    votes: int = Field(ge=1, le=9)


def _with_file(command: list[str]) -> list[str]:
    if not command[0].strip() or "{file}" in command[0] or not any("{file}" in word for word in command):
        raise ValueError("must be a program and its arguments, and one of these must hold {file}")
    if any("\0" in word for word in command):
        raise ValueError("must not hold a null character")
    return command


class Checker(_Settings):
    name: str = Field(min_length=1, max_length=40, pattern=r"^[\w .+-]+$")
    command: Annotated[list[str], Field(min_length=1), AfterValidator(_with_file)]
    parse: Literal["json", "line", "exit"] = "line"
    items: str = ""
    message: str = ""
    seconds: float = Field(gt=0, le=3600, default=60)


class Candidates(_Settings):
    most: int = Field(ge=1)
    inactive_hours: float = Field(ge=0)
    failed_hours: float = Field(ge=0)


class Limits(_Settings):
    feedback_chars: int = Field(gt=0)
    tokens: int | None = Field(gt=0)
    cost: float | None = Field(gt=0)
    seconds: float | None = Field(gt=0)
    lock_seconds: float = Field(ge=0)


class Commit(_Settings):
    prefix: bool
    subject: str


class Config(_Settings):
    project: str
    levels: dict[str, LevelSettings]
    locked: list[str]
    provider: Literal["auto", "builtin", "openai", "replay"]
    models: Models
    temperature: Temperature
    openai: OpenAI
    confidence: float = Field(ge=0, le=1)
    patch_share: float = Field(gt=0, le=1)
    max_attempts: int | None = Field(ge=1, le=100)
    approval: Literal["ask", "auto", "preview"]
    downstream: Literal["ask", "keep", "cull"]
    judge: Judge
    checks: Checks
    checkers: list[Checker]
    candidates: Candidates
    limits: Limits
    cache: bool
    section_chars: int = Field(ge=1000)
    commit: Commit

    def model_for(self, stage: str) -> str:
        """Return the name of the model of a stage; "" when none is configured."""
        return getattr(self.models, stage, "") or self.models.default


@dataclass(frozen=True)
class Setting:
    """One value in force and the layer it came from."""

    key: str
    value: Any
    source: str


@dataclass(frozen=True)
class Layer:
    """Settings of one source, as nested mappings."""

    source: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Loaded:
    """The configuration in force, with where each value came from and what a cloned repository may not decide."""

    config: Config
    settings: tuple[Setting, ...]
    guarded: tuple[Setting, ...]


def load_config(manuscript: Path | None, environment: Mapping[str, str], flags: Mapping[str, Any]) -> Loaded:
    """Merge the layers into one checked configuration.

    ``flags`` has dotted keys. Raises InvalidConfig naming the source, the key and the nearest known one.
    """
    layers = [Layer("default", load_mapping(shipped("config.yaml"), "the shipped config.yaml"))]
    if manuscript is not None and (manuscript / FILE_NAME).is_file():
        layers.append(Layer(FILE_NAME, load_mapping(manuscript / FILE_NAME, FILE_NAME)))
    layers.append(Layer("environment", _from_environment(environment, dict(_leaves(layers[0].values)))))
    layers.append(Layer("flags", _nest(flags.items())))
    merged: dict[str, Any] = {}
    origin: dict[str, str] = {}
    for layer in layers:
        _merge(merged, layer.values, origin, layer.source)
    config = _validated(merged, origin)
    settings = tuple(Setting(key, value, origin.get(key, "default")) for key, value in _leaves(config.model_dump()))
    guarded = tuple(s for s in settings if s.source == FILE_NAME and _is_guarded(s))
    return Loaded(config, settings, guarded)


def _is_guarded(setting: Setting) -> bool:
    """Tell whether a cloned repository must not decide this: it would run commands, or send the author's key anywhere."""
    if setting.key == "openai.api_key_env":
        return True
    if setting.key == "checkers":
        return bool(setting.value)
    return setting.key == "openai.base_url" and not is_loopback(str(setting.value))


def is_loopback(url: str) -> bool:
    """Tell whether an address is this machine's own."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _from_environment(environment: Mapping[str, str], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Read the variables that are settings. An empty one counts as not set; where the default is text, so is the value."""
    found = []
    for name, text in sorted(environment.items()):
        if name.startswith(ENV_PREFIX) and text.strip():
            key = name.removeprefix(ENV_PREFIX).lower().replace("__", ".")
            found.append((key, text if isinstance(defaults.get(key), str) else _scalar(text)))
    return _nest(found)


def _scalar(text: str) -> Any:
    import yaml

    try:
        return parse_yaml(text)
    except yaml.YAMLError:
        return text


def _nest(items: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for key, value in items:
        *parents, last = key.split(".")
        place = nested
        for parent in parents:
            place = place.setdefault(parent, {})
            if not isinstance(place, dict):
                raise InvalidConfig(f"the setting {key} clashes with {parent}.")
        place[last] = value
    return nested


# Settings whose keys are the author's to choose: a new key there is no misspelling.
_OPEN = ("levels", "openai.prices")


def _merge(
    into: dict[str, Any], values: Mapping[str, Any], origin: dict[str, str], source: str, parent: str = ""
) -> None:
    for key, value in values.items():
        path = f"{parent}.{key}" if parent else key
        known = into.get(key)
        if isinstance(known, dict) and isinstance(value, Mapping):
            _merge(known, value, origin, source, path)
            continue
        if source != "default" and key not in into and not _may_be_new(parent):
            raise _unknown(path, into, source)
        into[key] = _plain(value)
        for leaf, _ in _leaves({path: value}):
            origin[leaf] = source


def _may_be_new(parent: str) -> bool:
    return any(parent == place or parent.startswith(place + ".") for place in _OPEN)


def _plain(value: Any) -> Any:
    return {k: _plain(v) for k, v in value.items()} if isinstance(value, Mapping) else value


def _unknown(path: str, known: Mapping[str, Any], source: str) -> InvalidConfig:
    near = difflib.get_close_matches(path.rpartition(".")[2], list(known), n=1, cutoff=0.5)
    parent = path.rpartition(".")[0]
    names = [f"{parent}.{name}" if parent else name for name in near or known]
    hint = f"Did you mean {names[0]}?" if near else f"Known here: {', '.join(names)}."
    return InvalidConfig(f"unknown setting {path} in {source}.", hint=hint, details={"key": path, "source": source})


def _validated(merged: dict[str, Any], origin: Mapping[str, str]) -> Config:
    try:
        return Config.model_validate(merged)
    except ValidationError as error:
        first = error.errors()[0]
        path = ".".join(str(part) for part in first["loc"])
        related = (origin[key] for key in origin if key.startswith(path + ".") or path.startswith(key + "."))
        source = origin.get(path) or next(related, "the settings")
        if first["type"] == "extra_forbidden":
            fields = {"levels": LevelSettings.model_fields, "checkers": Checker.model_fields}
            raise _unknown(path, fields.get(path.partition(".")[0], Price.model_fields), source) from None
        message = first["msg"].removeprefix("Value error, ")
        given = "" if first["type"] == "missing" else f" (it is {first['input']!r})"
        raise InvalidConfig(
            f"the setting {path} in {source} is wrong: {message[:1].lower()}{message[1:]}{given}.",
            hint="`bookiter config` lists every setting with its value; config.yaml explains them.",
            details={"key": path, "source": source},
        ) from None


def _leaves(values: Mapping[str, Any], parent: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        path = f"{parent}.{key}" if parent else key
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, path)
        else:
            yield path, value
