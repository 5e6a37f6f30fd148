"""Brazil's register of legal persons (CNPJ), by Receita Federal: ten parts without headers.

Source: https://www.gov.br/receitafederal/dados/cnpj-metadados.pdf, and real rows of its files. The
name of a sole trader ends with the person's tax number. Numbers have letters since July 2026.
"""

from ..recipe import Filter, FirstOf, Join, Joined, Matched, Recipe, SourceFile, When, _lt

_ESTABLISHMENTS = (
    "cnpj_basico",
    "cnpj_ordem",
    "cnpj_dv",
    "matriz_filial",
    "nome_fantasia",
    "situacao_cadastral",
    "data_situacao",
    "motivo",
    "nome_cidade_exterior",
    "pais",
    "data_inicio",
    "cnae_principal",
    "cnaes_secundarios",
    "tipo_logradouro",
    "logradouro",
    "numero",
    "complemento",
    "bairro",
    "cep",
    "uf",
    "municipio",
    "ddd1",
    "telefone1",
    "ddd2",
    "telefone2",
    "ddd_fax",
    "fax",
    "email",
    "situacao_especial",
    "data_situacao_especial",
)
_COMPANIES = (
    "cnpj_basico",
    "razao_social",
    "natureza_juridica",
    "qualificacao_responsavel",
    "capital_social",
    "porte",
    "ente_federativo",
)
_SIMPLES = (
    "cnpj_basico",
    "opcao_simples",
    "data_opcao_simples",
    "data_exclusao_simples",
    "opcao_mei",
    "data_opcao_mei",
    "data_exclusao_mei",
)

RECIPE = Recipe(
    code="br_cnpj",
    country_codes=("BR",),
    title="Cadastro Nacional da Pessoa Jurídica (CNPJ)",
    publisher="Receita Federal do Brasil",
    page="https://www.gov.br/receitafederal/dados/cnpj-metadados.pdf",
    companies=17_000_000,
    download_bytes=6_500_000_000,
    database_bytes=16_000_000_000,
    rhythm="monthly",
    licence="Public data (Lei 12.527/2011)",
    licence_url="https://www.planalto.gov.br/ccivil_03/_ato2011-2014/2011/lei/l12527.htm",
    attribution="Source: Receita Federal do Brasil, CNPJ",
    terms=_lt(
        "E-mail addresses are mostly those of accountants or private, and are not loaded; neither"
        " are individual entrepreneurs."
    ),
    registry="BR-CNPJ",
    files=(
        SourceFile(
            key="establishments",
            parts=10,
            url="https://arquivos.receitafederal.gov.br/index.php/s/YggdBLfdninEJX9/download"
            "?path=%2F{month}&files=Estabelecimentos{part}.zip",
            month="%Y-%m",
            hosts=("arquivos.receitafederal.gov.br",),
            encoding="latin-1",
            delimiter=";",
            header=_ESTABLISHMENTS,
        ),
        SourceFile(
            key="companies",
            parts=10,
            url="https://arquivos.receitafederal.gov.br/index.php/s/YggdBLfdninEJX9/download"
            "?path=%2F{month}&files=Empresas{part}.zip",
            month="%Y-%m",
            hosts=("arquivos.receitafederal.gov.br",),
            encoding="latin-1",
            delimiter=";",
            header=_COMPANIES,
        ),
        SourceFile(
            key="simples",
            url="https://arquivos.receitafederal.gov.br/index.php/s/YggdBLfdninEJX9/download"
            "?path=%2F{month}&files=Simples.zip",
            month="%Y-%m",
            hosts=("arquivos.receitafederal.gov.br",),
            encoding="latin-1",
            delimiter=";",
            header=_SIMPLES,
        ),
        SourceFile(
            key="towns",
            url="https://arquivos.receitafederal.gov.br/index.php/s/YggdBLfdninEJX9/download"
            "?path=%2F{month}&files=Municipios.zip",
            month="%Y-%m",
            hosts=("arquivos.receitafederal.gov.br",),
            encoding="latin-1",
            delimiter=";",
            header=("codigo", "descricao"),
        ),
    ),
    joins=(
        Join(key="companies", of="cnpj_basico", on="cnpj_basico", needed=True),
        # Only who is an individual entrepreneur.
        Join(
            key="simples",
            of="cnpj_basico",
            on=When("opcao_mei", ("S",), "cnpj_basico"),
            needed=True,
        ),
        Join(key="towns", of="municipio", on="codigo"),
    ),
    filters=(
        Filter(reason="branch", part="matriz_filial", unless=("1",)),
        Filter(reason="ceased", part="situacao_cadastral", unless=("02", "2")),
        Filter(reason="sole_trader", part="companies:natureza_juridica", among=("2135",)),
        Filter(reason="sole_trader", part="companies:natureza_juridica", beginning=("4",)),
        Filter(reason="sole_trader", part="simples:opcao_mei", among=("S",)),
    ),
    columns={
        "name": "companies:razao_social",
        "registry_id": Joined("cnpj_basico", "cnpj_ordem", "cnpj_dv", between=""),
        "status": Matched("situacao_especial", r"(.*(?:FALID|LIQUIDA|RECUPERA).*)"),
        "street": Joined("tipo_logradouro", "logradouro", "numero"),
        "street2": Joined("complemento", "bairro", between=", "),
        "zip": "cep",
        "city": FirstOf("towns:descricao", "nome_cidade_exterior"),
        "state": Matched("uf", r"(?!EX)([A-Z]{2})"),
        "phone": Matched(Joined("ddd1", "telefone1"), r"(\d+ \d+)"),
        "industry": ("cnae_principal", "cnaes_secundarios"),
        "founded": Matched("data_inicio", r"([12]\d{7})"),
    },
    nace="2",
    vanished="ceased",
    never_loaded=("email",),
)  # fmt: skip
