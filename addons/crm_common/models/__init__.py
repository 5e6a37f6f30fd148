from . import person_data_mixin
