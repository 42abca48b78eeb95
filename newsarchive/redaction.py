"""Secrets out of text that is written somewhere: passwords in addresses, headers that carry keys, values known to be secret.

Log lines, run records, errors and messages pass through here. What is replaced reads `[secret]`, so that a reader sees that
something stood there. Better one word too many than one key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, quote_plus

HIDDEN = "[secret]"
"""What stands in the place of a secret."""
MIN_SECRET_CHARS = 6
"""Characters of a known value that is looked for in texts. Shorter ones stand in ordinary words and numbers; nobody's key is shorter."""

_WORDS = r"token|secret|passw(?:or)?d|passwd|passphrase|pwd|api[-_]?key|access[-_]?key|private[-_]?key|credential|jwt|signature"
_SECRET_NAME = re.compile(rf".*(?:{_WORDS})|(?:.*[-_])?(?:key|pass|auth|sig|sid|session(?:id)?|authorization|cookie)$", re.IGNORECASE)
_USERINFO = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]{0,20}://)[^\s/?#@\"'<>]{1,512}(?:@[^\s/?#@\"'<>]{1,512})*@")
_HEADER = re.compile(
    r"(?P<name>(?:proxy-)?authorization|(?:set-)?cookie2?|x-[a-z-]{0,40}(?:token|key|auth|secret)|api-key)"
    r"(?P<between>['\"]?\s{0,9}[:=]\s{0,9})"
    r"(?P<value>\[?\s{0,9}b?'[^'\r\n]*'\]?|\[?\s{0,9}b?\"[^\"\r\n]*\"\]?|[^\r\n\"']+)",
    re.IGNORECASE,
)
_PARAMETER = re.compile(
    rf"(?P<name>(?:{_WORDS})[\w-]{{0,40}}|(?<=[?&;])(?:key|auth|sig|sid|session(?:id)?|pass|code))"
    r"(?P<between>['\"]?\s{0,9}(?:=|:\s)\s{0,9})"
    r"(?P<value>b?'[^'\r\n]*'|b?\"[^\"\r\n]*\"|[^\s&;,#\"'<>)}\]]+)",
    re.IGNORECASE,
)
_SCHEME_AND_KEY = re.compile(
    r"\b(?P<scheme>bearer|basic|digest)\s{1,9}(?P<key>(?=[^\s]{0,400}[0-9=+/])[A-Za-z0-9+/_.~-]{8,}=*)", re.IGNORECASE
)
_HOOK = re.compile(r"(?P<start>https?://hooks\.[\w.-]{1,250}/)\S{8,}", re.IGNORECASE)
_TELLTALE = re.compile(r"@|token|secret|pass|pwd|key|cred|jwt|sig|auth|cookie|sid|session|bearer|basic|digest|hooks\.|code", re.IGNORECASE)
"""Every pattern above needs one of these. Repetitions are bounded, so that a hostile text costs no more than its length."""


class Redactor:
    """Takes known secrets, and what looks like one, out of texts."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._known: list[str] = []
        self.learn(*secrets)

    def learn(self, *secrets: str) -> None:
        """Remember values that must never be written. Their URL-encoded forms are known with them; short ones are left out."""
        forms = {form for secret in secrets for form in (secret, secret.strip(), quote(secret, safe=""), quote_plus(secret))}
        found = {form for form in forms if len(form) >= MIN_SECRET_CHARS} | set(self._known)
        self._known = sorted(found, key=len, reverse=True)  # a secret that holds another goes first

    def __call__(self, text: str) -> str:
        """The text without secrets. Never raises; texts without a telltale word cost one search."""
        for secret in self._known:
            if secret in text:
                text = text.replace(secret, HIDDEN)
        if not _TELLTALE.search(text):
            return text
        text = _USERINFO.sub(rf"\g<scheme>{HIDDEN}@", text)
        text = _HEADER.sub(rf"\g<name>\g<between>{HIDDEN}", text)
        text = _SCHEME_AND_KEY.sub(rf"\g<scheme> {HIDDEN}", text)
        text = _HOOK.sub(rf"\g<start>{HIDDEN}", text)
        return _PARAMETER.sub(rf"\g<name>\g<between>{HIDDEN}", text)


def is_secret_name(name: str) -> bool:
    """Whether a value under this name is a secret by the name alone."""
    return bool(_SECRET_NAME.match(name))


def secrets_of(environment: Mapping[str, str]) -> list[str]:
    """Values of the environment's variables whose names say that they are secret, and of those that hold an address with a password."""
    named = [value for name, value in environment.items() if is_secret_name(name) and len(value) >= 8 and value[0] != "/"]
    with_password = [found[1] for value in environment.values() if (found := re.match(r"[a-z0-9+.-]+://[^/@\s:]*:([^/@\s]+)@", value))]
    return named + with_password
