"""Calls to addresses that people name: which are refused, in every way to write them, and what bounds a call."""

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelyard.server.kit.egress import AddressRefused, Allowed, CallFailed, Egress, is_public
from tests.server.receiver import Answer, Receiver, receiving

INSIDE = [
    *("127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255"),
    *("192.168.0.1", "169.254.169.254", "169.254.0.1", "100.64.0.1", "100.100.100.200", "192.0.0.192"),
    *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "168.63.129.16"),
    *("::1", "::", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "ff0e::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "::127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "2002:7f00:1::", "2002:a9fe:a9fe::1"),
    *("2001:0:7f00:1::", "100::1"),
]
OUTSIDE = ["1.1.1.1", "8.8.8.8", "93.184.215.14", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]

NO_CALL = [
    *("http://hooks.bakery.example/", "ftp://hooks.bakery.example/", "file:///etc/passwd", "https://", "nonsense"),
    *("https://ana:secret@hooks.bakery.example/", "https://localhost/", "https://a.localhost/", "https://[::1", "//x"),
]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.mark.parametrize("text", INSIDE)
def test_what_lies_inside_is_refused_in_every_form(text: str) -> None:
    assert not is_public(ip_address(text))
    host = f"[{text}]" if ":" in text else text
    for check in (Egress().check, lambda url: Egress().post(url, b"", {})):
        with pytest.raises(AddressRefused, match="inside the network"):
            check(f"https://{host}/in")


@pytest.mark.parametrize("text", OUTSIDE)
def test_what_lies_outside_may_be_called(text: str) -> None:
    assert is_public(ip_address(text))
    Egress().check(f"https://[{text}]/" if ":" in text else f"https://{text}/")


@given(st.ip_addresses(v=4))
def test_an_address_mapped_into_ipv6_is_judged_as_itself(address: Any) -> None:
    for form in (f"::ffff:{address}", str(ip_address((0x64FF9B << 96) | int(address)))):
        assert is_public(ip_address(form)) == is_public(address)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "017700000001", "localhost", "LOCALHOST."])
def test_other_spellings_of_loopback_are_found_out_when_they_are_looked_up(host: str) -> None:
    with pytest.raises((AddressRefused, CallFailed)):
        Egress(allows_http=True).post(f"http://{host}:1/", b"", {})


@pytest.mark.parametrize("url", NO_CALL)
def test_what_is_no_address_for_a_call_is_refused_at_once(url: str) -> None:
    with pytest.raises(AddressRefused):
        Egress().check(url)


def test_a_name_is_looked_up_once_and_the_checked_address_is_called(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = receiver.server_address[1]
    answers = [["93.184.215.14"], ["127.0.0.1"]]
    asked: list[str] = []
    real = socket.getaddrinfo

    def look_up(host: str, port: int, *rest: Any, **options: Any) -> Any:
        if host != "rebinding.example":
            return real(host, port, *rest, **options)
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (text, port)) for text in answers[len(asked) - 1]]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    egress = Egress(allows_http=True, timeout_s=0.3)
    with pytest.raises(CallFailed):  # nobody answers there; what matters is that nobody asked again
        egress.post(f"http://rebinding.example:{port}/", b"", {})
    assert asked == ["rebinding.example"]
    with pytest.raises(AddressRefused):
        egress.post(f"http://rebinding.example:{port}/", b"", {})
    assert receiver.messages == []


class TestAllowed:
    def test_what_an_administrator_names_may_be_called(self, receiver: Receiver) -> None:
        port = receiver.server_address[1]
        receiver.answers = [Answer(200, {"X-Told": "yes"}, b"thanks")] * 2
        for allowed, host in (("127.0.0.0/8", "127.0.0.1"), ("10.1.0.0/16, localhost", "localhost")):
            egress = Egress(Allowed.parse(allowed), allows_http=True)
            egress.check(f"http://{host}:{port}/in")
            reply = egress.post(f"http://{host}:{port}/in?a=b", b"body", {"X-Own": "1"})
            assert (reply.status, reply.text, reply.headers["x-told"]) == (200, "thanks", "yes")
        message = receiver.messages[0]
        assert (message.path, message.body, message.headers["x-own"]) == ("/in?a=b", b"body", "1")

    def test_one_network_allows_no_other(self) -> None:
        egress = Egress(Allowed.parse("10.1.0.0/16"))
        egress.check("https://10.1.2.3/")
        egress.check("https://[::ffff:10.1.2.3]/")
        for url in ("https://10.2.0.1/", "https://127.0.0.1/", "https://169.254.169.254/"):
            with pytest.raises(AddressRefused):
                egress.check(url)

    @pytest.mark.parametrize("text", ["10.0.0.0/99", "300.1.1.1", "fe80::zz", "10.1.2.3/8"])
    def test_what_is_no_network_is_named(self, text: str) -> None:
        with pytest.raises(ValueError, match="is no address or network"):
            Allowed.parse(f"10.0.0.1, {text}")


class TestBounds:
    def egress(self, timeout_s: float = 5) -> Egress:
        return Egress(Allowed.parse("127.0.0.1"), allows_http=True, timeout_s=timeout_s)

    def test_of_a_long_answer_the_beginning_is_kept(self, receiver: Receiver) -> None:
        receiver.answers = [Answer(500, body=b"\xff\0" + b"x" * 5_000_000)]
        reply = self.egress().post(receiver.url, b"", {})
        assert reply.status == 500 and len(reply.text) == 1024 and "\0" not in reply.text

    def test_redirects_are_not_followed(self, receiver: Receiver) -> None:
        receiver.answers = [Answer(302, {"Location": receiver.url})]
        assert self.egress().post(receiver.url, b"", {}).status == 302
        assert len(receiver.messages) == 1

    def test_who_says_nothing_is_left(self, receiver: Receiver) -> None:
        receiver.silent.set()
        with pytest.raises(CallFailed, match="within 0 seconds"):
            self.egress(0.2).post(receiver.url, b"", {})

    def test_nobody_there(self, receiver: Receiver) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            with pytest.raises(CallFailed, match="No connection"):
                self.egress().post(f"http://127.0.0.1:{free.getsockname()[1]}/", b"", {})

    def test_a_host_that_does_not_exist(self) -> None:
        with pytest.raises(CallFailed, match="There is no host"):
            self.egress().post("http://nobody.invalid/", b"", {})
