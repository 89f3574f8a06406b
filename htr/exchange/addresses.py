"""Which addresses may be asked: http and https, at hosts of the public internet."""

from __future__ import annotations

import ipaddress
import re
import socket

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from htr.errors import DownloadFailed, RefusedAddress
from htr.i18n import _

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052, section 2.1


def is_url(text: str) -> bool:
    """Say whether a text begins with a scheme, as no path does (`C:` is a drive)."""
    return bool(_SCHEME.match(text))


def parsed(url: str) -> Url:
    """Return an http or https URL in its parts, no user or fragment; raises RefusedAddress."""
    try:
        parts = parse_url(url)
    except LocationParseError as error:
        raise RefusedAddress(
            _("This address is not valid."), path=url, hint=_("Check the address.")
        ) from error
    if parts.scheme not in _PORTS or not parts.host:
        raise RefusedAddress(
            _("Only addresses that begin with http:// or https:// are opened."),
            path=url,
            hint=_("Check the address; a file of yours is named by its path alone."),
        )
    return Url(parts.scheme, None, parts.host, parts.port, parts.path, parts.query, None)


def port(parts: Url) -> int:
    """Return the port that a URL names or its scheme implies."""
    return parts.port or _PORTS[str(parts.scheme)]


def resolved(parts: Url, *, allow_private: bool) -> tuple[str, ...]:
    """Return the IP addresses of a URL's host, all of them checked.

    Raises RefusedAddress if any lies in a private network (this machine's own and link-local ones
    included) and `allow_private` does not have it, DownloadFailed where the name is unknown.
    """
    host = str(parts.host).strip("[]")
    try:
        found = socket.getaddrinfo(host, port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise DownloadFailed(
            _("There is no server of the name {host}.").format(host=host),
            path=parts.url,
            hint=_("Check the address and the connection to the internet."),
        ) from error
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not allow_private and not all(map(is_public, addresses)):
        raise RefusedAddress(
            _("The server {host} is in a private network.").format(host=host),
            path=parts.url,
            hint=_("If it is your own and you trust the source, add --allow-private."),
        )
    return addresses


def is_public(address: str) -> bool:
    """Say whether an IP address is one of the public internet, wherever an IPv6 one wraps IPv4."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast
