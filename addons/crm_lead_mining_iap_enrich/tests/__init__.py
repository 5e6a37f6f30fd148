from . import test_stock_gives_way
