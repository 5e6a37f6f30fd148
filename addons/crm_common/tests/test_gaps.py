"""What is filled of a record, and what stays."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.gaps import ADDRESS, Unit, to_fill

PLACE = {"street": "Via 2", "city": "Milano", "zip": "20100", "state_id": 7, "country_id": 1}
SIZE = Unit(("number", "range"))
REGISTER = Unit(("number",), ("register",))


@tagged("post_install", "-at_install")
class TestToFill(BaseCase):
    def test_only_what_is_empty_is_filled(self):
        self.assertEqual(to_fill({"phone": "1"}, {"phone": "2", "website": "w"}), {"website": "w"})

    def test_chosen_values_are_overwritten_and_never_emptied(self):
        known = {"phone": "1", "website": "mine", "city": "Gent"}
        found = {"phone": "2", "city": "Bruxelles"}
        self.assertEqual(to_fill(known, found, (), {"phone", "website"}), {"phone": "2"})

    def test_nothing_is_written_that_is_there_already(self):
        self.assertEqual(to_fill(PLACE, PLACE, overwritten=PLACE), {})

    def test_address_of_one_source_stays_without_parts_of_another(self):
        for name in ADDRESS.names:
            found = {each: value for each, value in PLACE.items() if each != name}
            self.assertEqual(to_fill({name: "x"}, found), {}, name)
            self.assertEqual(to_fill({name: PLACE.get(name, "x")}, PLACE), {}, name)

    def test_address_is_filled_where_it_is_known_to_lie(self):
        def without(*names):
            return {name: value for name, value in PLACE.items() if name not in names}

        for known, found, expected in (
            ({}, PLACE, PLACE),
            ({"country_id": 1}, PLACE, without("country_id")),
            ({"country_id": 2}, PLACE, {}),
            ({"country_id": 1}, without("country_id"), without("country_id")),
            ({"country_id": 1, "state_id": 7}, PLACE, without("country_id", "state_id")),
            ({"country_id": 1, "state_id": 8}, PLACE, {}),
            ({"country_id": 1, "state_id": 8}, without("state_id"), {}),
            ({}, {"country_id": 1}, {"country_id": 1}),
            ({"city": "Roma"}, {"country_id": 1}, {}),
        ):
            self.assertEqual(to_fill(known, found), expected, (known, found))

    def test_overwritten_address_keeps_nothing_of_the_old_one_but_a_country_not_contradicted(self):
        old = {"street2": "Box 7", "city": "Roma", "state_id": 8, "country_id": 1}
        found = {"street": "Via 2", "city": "Milano"}
        gone = {"street2": False, "state_id": False}
        self.assertEqual(to_fill(old, found, overwritten=["city"]), found | gone)
        abroad = found | {"country_id": 2}
        self.assertEqual(to_fill(old, abroad, overwritten=["city"]), abroad | gone)
        self.assertEqual(to_fill(old, {"country_id": 2}, overwritten=["city"]), {})
        self.assertEqual(
            to_fill({"country_id": 1, "state_id": 8}, {"country_id": 2}, overwritten=["city"]),
            {"country_id": 2, "state_id": False},
        )

    def test_values_that_belong_together_are_of_one_source(self):
        self.assertEqual(to_fill({"number": 7}, {"range": "1-9"}, [SIZE]), {})
        self.assertEqual(to_fill({"phone": "1"}, {"range": "1-9"}, [SIZE]), {"range": "1-9"})
        self.assertEqual(
            to_fill({"range": "1-9"}, {"number": 7}, [SIZE], ["number"]),
            {"number": 7, "range": False},
        )

    def test_number_fits_its_own_register_only(self):
        found = {"register": "A", "number": "1"}
        self.assertEqual(to_fill({"register": "A"}, found, [REGISTER]), {"number": "1"})
        for known in ({"register": "B"}, {"number": "2"}):
            self.assertEqual(to_fill(known, found, [REGISTER]), {})
        self.assertEqual(to_fill({"register": "A"}, {"number": "1"}, [REGISTER]), {})

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.dictionaries(st.sampled_from([*ADDRESS.all, "phone"]), st.sampled_from([1, 2])),
        st.dictionaries(st.sampled_from([*ADDRESS.all, "phone"]), st.sampled_from([1, 2])),
    )
    def test_what_is_there_stays_and_an_address_is_of_one_source(self, known, found):
        values = to_fill(known, found)
        self.assertFalse(values.keys() & known.keys())
        after = known | values
        parts = {name: after.get(name) for name in (*ADDRESS.names, *ADDRESS.within)}
        self.assertIn(parts, [{name: one.get(name) for name in parts} for one in (known, found)])
