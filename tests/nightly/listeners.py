"""Services that are told things, on loopback: an HTTP server, a mail server and a proxy, each as well- or ill-behaved as a test wants."""

from __future__ import annotations

import base64
import datetime
import ipaddress
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def certificate(folder: Path, name: str = "127.0.0.1") -> Path:
    """A PEM file with a key and a certificate that signs itself, for an address or a name."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    try:
        other: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        other = x509.DNSName(name)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([other]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / f"{name}.pem"
    file.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    return file


def server_context(pem: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


class Listener:
    """Accepts connections and hands each to `serve` in a thread; leaving ends all of them."""

    def __init__(self) -> None:
        self.ended = threading.Event()
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with suppress(OSError, ValueError):
                    outer.serve(self.request)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = int(self.server.server_address[1])
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def serve(self, connection: socket.socket) -> None:
        raise AssertionError

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.ended.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@dataclass
class Heard:
    """One request."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


class HttpListener(Listener):
    """Answers with `answers` in turn (the last one again and again): a status, `hang`, `drop`, `garbage` or `endless`."""

    def __init__(self, *answers: int | str, headers: Mapping[str, str] | None = None, said: bytes = b"ok", tls: Path | None = None) -> None:
        super().__init__()
        self.answers, self.headers, self.said = list(answers or (200,)), dict(headers or {}), said
        self.context = server_context(tls) if tls else None
        self.heard: list[Heard] = []

    def url(self, path: str = "/") -> str:
        return f"{'https' if self.context else 'http'}://127.0.0.1:{self.port}{path}"

    def serve(self, connection: socket.socket) -> None:
        if self.context is None:
            self.answer(connection)
            return
        with self.context.wrap_socket(connection, server_side=True) as secured:
            self.answer(secured)

    def answer(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            line = file.readline().decode("latin-1").split()
            if len(line) < 2:
                return
            headers = {}
            while (text := file.readline().decode("latin-1").strip()) != "":
                name, _, value = text.partition(": ")
                headers[name] = value
            body = file.read(int(headers.get("Content-Length", 0)))
            self.heard.append(Heard(line[0], line[1], headers, body))
            answer = self.answers[min(len(self.heard), len(self.answers)) - 1]
            if answer == "hang":
                self.ended.wait(20)
            elif answer == "garbage":
                connection.sendall(b"\x00\x01 this is no HTTP\r\n\r\n")
            elif answer == "endless":
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                while not self.ended.is_set():
                    connection.sendall(b"x" * 65536)
            elif answer != "drop":
                more = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
                head = f"HTTP/1.1 {answer} Whatever\r\nContent-Length: {len(self.said)}\r\n{more}\r\n"
                connection.sendall(head.encode() + self.said)


class Proxy(Listener):
    """An HTTP proxy: passes CONNECT through, and answers absolute addresses itself."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str, dict[str, str]]] = []

    def serve(self, connection: socket.socket) -> None:
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            if not piece:
                return
            data += piece
        lines = data.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
        self.heard.append((lines[0], dict(line.split(": ", 1) for line in lines[1:])))  # type: ignore[misc]
        if not lines[0].startswith("CONNECT"):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            return
        host, _, port = lines[0].split()[1].rpartition(":")
        with socket.create_connection((host, int(port)), timeout=5) as other:
            connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            back = threading.Thread(target=_copy, args=(other, connection), daemon=True)
            back.start()
            _copy(connection, other)
            back.join(5)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)


@dataclass
class Mail:
    """One mail that was accepted."""

    sender: str
    recipients: list[str] = field(default_factory=list)
    data: str = ""
    secured: bool = False
    login: str = ""


class SmtpListener(Listener):
    """A mail server. `replies` maps a command (`MAIL`, `RCPT a@b.example`, `DATA`, `.`, `AUTH`) to another reply; `hang` never answers."""

    def __init__(self, *, starttls: Path | None = None, tls: Path | None = None, replies: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.context = server_context(starttls or tls) if starttls or tls else None
        self.offers_starttls, self.is_tls = starttls is not None, tls is not None
        self.replies = dict(replies or {})
        self.mails: list[Mail] = []
        self.commands: list[str] = []

    def serve(self, connection: socket.socket) -> None:
        if self.replies.get("CONNECT") == "hang":
            self.ended.wait(20)
            return
        if self.is_tls and self.context is not None:
            connection = self.context.wrap_socket(connection, server_side=True)
        session = _Session(self, connection)
        session.run()


class _Session:
    def __init__(self, listener: SmtpListener, connection: socket.socket) -> None:
        self.listener, self.connection = listener, connection
        self.secured = listener.is_tls
        self.mail = Mail("")
        self.login = ""

    def say(self, line: str) -> None:
        self.connection.sendall(line.encode() + b"\r\n")

    def lines(self) -> Iterator[str]:
        data = b""
        while True:
            while b"\r\n" in data:
                line, _, data = data.partition(b"\r\n")
                before = self.connection
                yield line.decode()
                if self.connection is not before:
                    data = b""
            piece = self.connection.recv(65536)
            if not piece:
                return
            data += piece

    def run(self) -> None:
        self.say(self.listener.replies.get("CONNECT", "220 mail.example ESMTP"))
        in_data = False
        for line in self.lines():
            if in_data:
                if line == ".":
                    in_data = False
                    self.finish()
                else:
                    self.mail.data += line.removeprefix(".") + "\n"
                continue
            self.listener.commands.append(line)
            reply = self.listener.replies.get(line.split()[0].upper()) or self.listener.replies.get(self.key(line))
            if reply == "hang":
                self.listener.ended.wait(20)
                return
            if reply:
                self.say(reply)
                continue
            in_data = self.obey(line)
            if line.upper() == "QUIT":
                break
        if self.listener.context is not None and self.secured:
            self.connection.close()

    def key(self, line: str) -> str:
        verb = line.split()[0].upper()
        return f"RCPT {line.partition('<')[2].partition('>')[0]}" if verb == "RCPT" else verb

    def obey(self, line: str) -> bool:
        verb = line.split()[0].upper()
        if verb == "EHLO":
            self.say("250-mail.example")
            if self.listener.offers_starttls and not self.secured:
                self.say("250-STARTTLS")
            self.say("250 AUTH PLAIN")
        elif verb == "STARTTLS" and self.listener.context is not None:
            self.say("220 go ahead")
            self.connection = self.listener.context.wrap_socket(self.connection, server_side=True)
            self.secured = True
        elif verb == "AUTH":
            self.login = base64.b64decode(line.split()[2]).decode().strip("\0").replace("\0", ":")
            self.say("235 welcome")
        elif verb == "MAIL":
            self.mail = Mail(line, secured=self.secured, login=self.login)
            self.say("250 ok")
        elif verb == "RCPT":
            self.mail.recipients.append(line.partition("<")[2].partition(">")[0])
            self.say("250 ok")
        elif verb == "DATA":
            self.say("354 go on")
            return True
        else:
            self.say("221 bye" if verb == "QUIT" else "250 ok")
        return False

    def finish(self) -> None:
        reply = self.listener.replies.get(".")
        if not reply:
            self.listener.mails.append(self.mail)
        self.say(reply or "250 queued")


@contextmanager
def closed_port() -> Iterator[int]:
    """A port that nobody listens on, kept from others for as long."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield int(taken.getsockname()[1])
