"""A mail through an SMTP server, with STARTTLS or TLS and a login."""

from __future__ import annotations

import smtplib
import socket
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from newsarchive.nightly.notice import Notice
from newsarchive.nightly.notify_http import NotTold, tls_context
from newsarchive.nightly.notify_secrets import Opened
from newsarchive.nightly.wording import body, headline

PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""Ports of RFC 6409 and RFC 8314, and the old one."""


def send(opened: Opened, notice: Notice) -> str:
    """Send one mail to all recipients; raises NotTold. A recipient that is refused while others are accepted is noted."""
    message = message_of(opened, notice)
    context = None if opened.text("security") == "none" else tls_context(opened)
    host = opened.text("host")
    try:
        with _connected(opened, context) as server:
            if opened.text("username"):
                server.login(opened.text("username"), opened.text("password"))
            refused = server.send_message(message)
    except smtplib.SMTPResponseException as error:
        words = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else str(error.smtp_error)
        raise NotTold(f"{host} answered {error.smtp_code}: {words[:120]}", is_temporary=400 <= error.smtp_code < 500) from None
    except smtplib.SMTPRecipientsRefused as error:
        codes = {code for code, _ in error.recipients.values()}
        raise NotTold(f"{host} refused all recipients ({_codes(codes)})", is_temporary=all(400 <= code < 500 for code in codes)) from None
    except smtplib.SMTPNotSupportedError as error:
        raise NotTold(f"{host} cannot do what is configured: {error}") from None
    except ssl.SSLCertVerificationError as error:
        raise NotTold(f"the certificate of {host} is not trusted: {error.verify_message}") from None
    except ssl.SSLError as error:
        raise NotTold(f"no TLS connection to {host}: {error.reason or error}", is_temporary=True) from None
    except TimeoutError:
        raise NotTold(f"{host} did not answer within {opened.channel.timeout_seconds:g} s", is_temporary=True) from None
    except (OSError, smtplib.SMTPException) as error:
        raise NotTold(f"no mail through {host}: {error or type(error).__name__}", is_temporary=True) from None
    return f"accepted; refused for {len(refused)} of {len(opened.values['recipients'])} recipients" if refused else "accepted"


def message_of(opened: Opened, notice: Notice) -> EmailMessage:
    """The mail. The same run and event give the same Message-ID, so that a mail sent twice by a retry shows once."""
    message = EmailMessage()
    message["Subject"] = headline(notice)
    message["From"] = opened.text("sender")
    message["To"] = ", ".join(opened.values["recipients"])
    message["Date"] = format_datetime(notice.finished_at or notice.started_at)
    domain = opened.text("sender").rpartition("@")[2]
    name = f"<{notice.uuid}.{notice.event}.{opened.channel.name.encode().hex()[:40]}@{domain}>"
    message["Message-ID"] = name if notice.uuid else make_msgid(domain=domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body(notice) + "\n")
    return message


def _connected(opened: Opened, context: ssl.SSLContext | None) -> smtplib.SMTP:
    security, host = opened.text("security"), opened.text("host")
    port = int(opened.values["port"] or PORTS[security])
    timeout, name = opened.channel.timeout_seconds, _own_name()
    if security == "tls":
        return smtplib.SMTP_SSL(host, port, local_hostname=name, timeout=timeout, context=context)
    server = smtplib.SMTP(host, port, local_hostname=name, timeout=timeout)
    if context is not None:
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def _own_name() -> str:
    """What we call ourselves to the server; smtplib would ask the DNS, which can hang."""
    name = socket.gethostname()
    return name if name.isascii() and all(char.isalnum() or char in "-." for char in name) and name else "localhost"


def _codes(codes: set[int]) -> str:
    return ", ".join(str(code) for code in sorted(codes))
