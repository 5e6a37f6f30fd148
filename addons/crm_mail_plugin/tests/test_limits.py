from odoo.tests import BaseCase

from ..tools.limits import address_key


class TestLimits(BaseCase):
    def test_a_subscriber_counts_once(self):
        for one, other in (
            ("192.0.2.1", "::ffff:192.0.2.1"),
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"),
            (None, "no address"),
        ):
            self.assertEqual(address_key(one), address_key(other))

    def test_others_count_apart(self):
        addresses = ("192.0.2.1", "192.0.2.2", "2001:db8:1:2::1", "2001:db8:1:3::1", None)
        self.assertEqual(len({address_key(address) for address in addresses}), len(addresses))
