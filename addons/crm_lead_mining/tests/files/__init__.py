from . import test_importer_reader
