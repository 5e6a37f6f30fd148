from . import test_journeys, test_sale_order
