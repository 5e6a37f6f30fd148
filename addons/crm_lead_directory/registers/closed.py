"""Countries whose register of companies is no open file, and why.

Source: the registers' own pages and the parsers of those who tried, as of November 2026.
"""

from collections.abc import Mapping

from .recipe import _lt

#: Country -> what is the matter with its register.
CLOSED: Mapping[str, str] = {
    "AT": _lt("The Firmenbuch answers about single companies only, not as a file."),
    "DE": _lt("The Handelsregister is no file, and does not allow to be read as a whole."),
    "DK": _lt("The CVR's file does not tell which companies must not be sent advertising."),
    "ES": _lt("The Registro Mercantil publishes notices and counts, but no file of companies."),
    "IT": _lt("The Registro Imprese is sold by InfoCamere: there is no open file of companies."),
    "NL": _lt("The KVK's open file has neither names nor numbers of companies."),
    "NZ": _lt("The NZBN's file is given to who asks for it: import it as a file then."),
    "PL": _lt("The KRS and REGON answer about single companies only, not as a file."),
    "UA": _lt("The register's open file was suspended in 2022."),
}
