import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from salesfloor.lightspeed import errors, transport


def certificate(path: Path) -> Path:
    """Of 127.0.0.1, signed by itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def https(certificate: Path, answer: bytes) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener.accept()[0] as plain:
            try:
                with context.wrap_socket(plain, server_side=True) as connection:
                    connection.recv(65536)
                    connection.sendall(answer)
            except OSError:
                return  # the caller did not trust us

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listener:
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(timeout=5)


def get(url: str) -> transport.Answer:
    http = transport.shared_session()
    return transport.exchange(http, "GET", url, connect_seconds=2, call_seconds=4, token="secret")


OK = b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"is": "ok"}'


def test_an_encrypted_answer_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trusted = certificate(tmp_path / "certificate.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted))
    with https(trusted, OK) as url:
        assert get(url).body == {"is": "ok"}


def test_an_encrypted_answer_is_not_waited_for_beyond_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted = certificate(tmp_path / "certificate.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted))
    with https(trusted, OK.replace(b"12", b"99")) as url:
        assert get(url).body is None


def test_nothing_is_sent_to_a_server_that_cannot_show_who_it_is(tmp_path: Path) -> None:
    with https(certificate(tmp_path / "certificate.pem"), OK) as url, pytest.raises(errors.NotSent):
        get(url)


@pytest.mark.parametrize("url", ["http://api.lightspeedapp.com", "ftp://x.test", "lightspeed"])
def test_an_address_is_https_or_on_this_machine(url: str) -> None:
    with pytest.raises(ValueError, match="neither https nor on this machine"):
        transport.checked_base_url(url)
    assert transport.checked_base_url("http://127.0.0.1:8100/") == "http://127.0.0.1:8100"
    assert transport.checked_base_url("https://x.test") == "https://x.test"
