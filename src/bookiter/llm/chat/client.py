"""The SDK's client, made so that key and manuscript go to the configured server and nowhere else.

Left to itself the SDK follows redirects, takes a proxy from the environment even for this machine, and adds headers
found in the environment (organisation, project, custom ones) to calls to any server.
"""

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from bookiter.errors import InvalidConfig

if TYPE_CHECKING:
    from openai import OpenAI

PLACEHOLDER_KEY = "none"  # local servers need no key, but the SDK insists on one


def checked_url(base_url: str) -> SplitResult:
    """Split a base URL; raise InvalidConfig unless it is http(s) with a host and without a password or a query."""
    try:
        parts = urlsplit(base_url.strip())
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable, parts = False, urlsplit("")
    if usable and (parts.username or parts.password or parts.query or parts.fragment):
        message = "openai.base_url must not hold a user, a password, a query or a fragment"
        raise InvalidConfig(message, hint="put the key into the variable named by openai.api_key_env")
    if not usable:
        raise InvalidConfig(
            f"openai.base_url is not an http address: {base_url!r}", hint="e.g. http://localhost:11434/v1"
        )
    return parts


def checked_key(key: str | None, name: str) -> str | None:
    """Strip a key; None when it is empty; raise InvalidConfig, without quoting it, when no header could carry it."""
    stripped = (key or "").strip()
    if not all("!" <= character <= "~" for character in stripped):
        raise InvalidConfig(f"the key in {name} holds a character no key has", hint=f"copy the key anew into {name}")
    return stripped or None


def host_and_port(parts: SplitResult) -> str:
    """Name a server as ``host:port``, the port always written out."""
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_this_machine(host: str) -> bool:
    """Tell addresses that never leave this machine, whatever a proxy setting says."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def make_client(parts: SplitResult, key: str | None, idle_timeout: float) -> "OpenAI":
    """Build the SDK's client for one server; seconds without a byte end a call. Takes 0.4 s the first time."""
    import openai

    proxied = not is_this_machine(parts.hostname or "")
    try:
        transport = openai.DefaultHttpxClient(trust_env=proxied, follow_redirects=False, timeout=idle_timeout)
    except Exception as error:  # unquoted: an address of a proxy may hold a password
        message = f"the proxy or certificate settings of the environment cannot be used ({type(error).__name__})"
        raise InvalidConfig(message, hint="see HTTPS_PROXY, ALL_PROXY, NO_PROXY and SSL_CERT_FILE") from None
    client = openai.OpenAI(
        api_key=key or PLACEHOLDER_KEY,
        base_url=parts.geturl(),
        max_retries=0,
        timeout=idle_timeout,
        http_client=transport,
    )
    client.organization = client.project = client.admin_api_key = None
    client._custom_headers = {}
    return client
