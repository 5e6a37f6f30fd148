import ipaddress
import socket
from unittest.mock import patch

import requests

from odoo.tests import BaseCase, common

from ..tools import public_hosts
from ..tools.public_hosts import (
    HostNotPublic,
    HostUnknown,
    NameServiceFailed,
    PublicHostAdapter,
    is_public_address,
    is_public_url,
    resolve_public,
)
from .hostile_hosts import HOSTILE_ADDRESSES, HOSTILE_URLS, PUBLIC_ADDRESSES


class TestPublicHosts(BaseCase):
    @classmethod
    def _request_handler(cls, session, request, /, **options):
        # Odoo's own stops every name; here the guard decides where a name leads.
        return common._super_send(session, request, **options)

    def _resolved(self, host, *addresses):
        found = [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM, 6, "", (address, 443),
            )
            for address in addresses
        ]  # fmt: skip
        with patch.object(socket, "getaddrinfo", return_value=found):
            return resolve_public(host, 443)

    def test_hostile_addresses_are_refused(self):
        for address, reason in HOSTILE_ADDRESSES.items():
            with self.subTest(address, reason=reason):
                self.assertFalse(is_public_address(address))

    def test_public_addresses_are_allowed(self):
        for address in PUBLIC_ADDRESSES:
            with self.subTest(address):
                self.assertTrue(is_public_address(address))

    def test_hostile_urls_are_refused_before_they_are_resolved(self):
        for url in HOSTILE_URLS:
            with self.subTest(url):
                self.assertFalse(is_public_url(url))

    def test_urls_of_public_names_are_allowed(self):
        for url in ("http://acme.example/", "https://acme.example:443/x?y#z",
                    "http://acme.example:80", "https://8.8.8.8/",
                    "HTTPS://Acme.Example"):  # fmt: skip
            with self.subTest(url):
                self.assertTrue(is_public_url(url))

    def test_host_with_a_private_address_is_refused(self):
        for address, reason in HOSTILE_ADDRESSES.items():
            with self.subTest(address, reason=reason), self.assertRaises(HostNotPublic):
                self._resolved("rebinding.example", address)

    def test_host_with_one_private_address_among_public_ones_is_refused(self):
        with self.assertRaises(HostNotPublic):
            self._resolved("mixed.example", "8.8.8.8", "10.0.0.1")

    def test_numbers_that_the_system_takes_for_loopback_are_refused(self):
        for host in ("0x7f.1", "127.1", "2130706433", "017700000001", "127.0.0.1.", "localhost."):
            with self.subTest(host), self.assertRaises((HostNotPublic, HostUnknown)):
                resolve_public(host, 80)

    def test_all_addresses_of_a_public_host_are_returned_ipv4_first(self):
        self.assertEqual(
            self._resolved("dual.example", "2606:4700::1111", "1.1.1.1"),
            [("1.1.1.1", 443), ("2606:4700::1111", 443)],
        )

    def test_host_that_does_not_exist_is_unknown(self):
        no_name = socket.gaierror(socket.EAI_NONAME, "unknown")
        with (
            patch.object(socket, "getaddrinfo", side_effect=no_name),
            self.assertRaises(HostUnknown),
        ):
            resolve_public("nobody.example", 80)
        for host in ("a" * 64 + ".example", "\ud800.example"):
            with self.subTest(host), self.assertRaises(HostUnknown):
                resolve_public(host, 80)

    def test_name_service_that_fails_may_answer_later(self):
        later = socket.gaierror(socket.EAI_AGAIN, "try again")
        with (
            patch.object(socket, "getaddrinfo", side_effect=later),
            self.assertRaises(NameServiceFailed),
        ):
            resolve_public("acme.example", 80)

    def test_no_address_of_a_refused_block_is_public(self):
        for block in ("10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "fc00::/7", "fe80::/10",
                      "::ffff:0:0/96", "224.0.0.0/4"):  # fmt: skip
            network = ipaddress.ip_network(block)
            for address in (network[0], network[-1], network[network.num_addresses // 3]):
                with self.subTest(address):
                    self.assertFalse(is_public_address(str(address)))

    def test_connection_goes_to_the_address_that_was_checked(self):
        """DNS rebinding: the name is asked for once, and the connection needs no name."""
        answers = [[(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 80))]]
        asked, connected = [], []

        def resolve(host, port, *_args):
            asked.append(host)
            return answers.pop()

        def connect(address, *_args, **_options):
            connected.append(address)
            raise OSError

        with (
            patch.object(socket, "getaddrinfo", resolve),
            patch.object(public_hosts, "create_connection", connect),
            requests.Session() as session,
        ):
            session.mount("http://", PublicHostAdapter())
            with self.assertRaises(requests.ConnectionError):
                session.get("http://rebinding.example/")
        self.assertEqual((asked, connected), (["rebinding.example"], [("8.8.8.8", 80)]))

    def test_no_proxy_resolves_the_name_out_of_our_sight(self):
        with requests.Session() as session, self.assertRaises(HostNotPublic):
            session.mount("http://", PublicHostAdapter())
            session.get("http://acme.example/", proxies={"http": "http://127.0.0.1:1"})
