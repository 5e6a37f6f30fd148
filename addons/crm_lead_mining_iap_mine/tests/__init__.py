from . import test_stock_gives_way
from . import test_take_over
from . import test_stock_mining
