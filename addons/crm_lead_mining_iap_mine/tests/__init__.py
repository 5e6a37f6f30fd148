from . import test_stock_gives_way
from . import test_stock_mining
