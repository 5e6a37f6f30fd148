from . import test_journeys, test_linked_company, test_sale_order
