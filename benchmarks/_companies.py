"""Synthetic companies of a directory, as skewed as a register is: made by PostgreSQL itself."""

# Countries, industries and sizes as unequal as in life; rows of one search lie scattered.
DATASET = """
INSERT INTO lead_directory_dataset (name, active, sequence)
SELECT 'Synthetic', true, 10
 WHERE NOT EXISTS (SELECT FROM lead_directory_dataset WHERE name = 'Synthetic')
"""
FILL = """
WITH dataset AS (
    SELECT id FROM lead_directory_dataset WHERE name = 'Synthetic'
), codes AS (
    SELECT array_agg(code ORDER BY md5(code)) AS divisions
      FROM lead_mining_industry WHERE code ~ '^[0-9]+$'
), drawn AS MATERIALIZED (
    SELECT number,
           (ARRAY['FR','FR','FR','FR','GB','GB','DE','IT','ES','BE'])[1 + floor(10 * random())]
               AS country,
           divisions[1 + floor(cardinality(divisions) * power(random(), 2.5))] AS division,
           least(200000, ceil(power(random(), -1.1)))::int AS size,
           divisions[1 + floor(cardinality(divisions) * power(random(), 2.5))] AS second,
           divisions[1 + floor(cardinality(divisions) * power(random(), 2.5))] AS third,
           random() AS luck, random() AS other_luck
      FROM codes, generate_series(%s, %s) AS number
), several AS (
    SELECT *,
           CASE WHEN other_luck >= %s OR second = division THEN division
                WHEN other_luck >= %s * 0.3 OR third IN (division, second)
                    THEN division || ',' || second
                ELSE division || ',' || second || ',' || third
           END AS all_divisions,
           CASE country WHEN 'DE' THEN (ARRAY['BY','BE','NW','HE','SN'])[1 + number %% 5]
                        WHEN 'IT' THEN (ARRAY['MI','RM','TO','NA','BO'])[1 + number %% 5]
                        WHEN 'ES' THEN (ARRAY['M','B','V','SE','Z'])[1 + number %% 5]
           END AS state
      FROM drawn
)
INSERT INTO lead_directory_company (
    dataset_id, identity, name, registry, registry_id, vat, domain, website, street, city, zip,
    state_code, country_code, phone, emails, employees, employees_min, employees_max, industry,
    industries,
    founded)
SELECT dataset.id, 'reg:XX-TEST:' || lpad(number::text, 9, '0'), 'Synthetic ' || md5(number::text),
       'XX-TEST', lpad(number::text, 9, '0'),
       CASE WHEN luck < 0.3 THEN country || lpad(number::text, 9, '0') END,
       CASE WHEN luck < 0.7 THEN 'synthetic' || number || '.example' END,
       CASE WHEN luck < 0.7 THEN 'https://www.synthetic' || number || '.example' END,
       (number %% 300) || ' Example Street', 'City ' || number %% 5000,
       lpad((number %% 99999)::text, 5, '0'), state, country, '+32 2 290 34 90',
       CASE WHEN luck < 0.5 THEN 'info@synthetic' || number || '.example' END,
       size, size, size, division, all_divisions, 1950 + number %% 75
  FROM several, dataset
"""

# What takes part in no constraint can be built at the end, in a fraction of the time.
INDEXES = """
SELECT format('DROP INDEX %%I', indexrelid::regclass::text), pg_get_indexdef(indexrelid)
  FROM pg_index WHERE indrelid = %s::regclass AND NOT indisunique
"""


#: Rows of one statement: what it has written is kept on disk until it ends.
_PIECE = 500_000


def fill(host, database: str, rows: int, *, known: int = 0, several: float = 0) -> None:
    """Put so many companies into the directory.

    :param known: how many it has already
    :param several: the share of those that have several divisions
    """
    table = "lead_directory_company"
    indexes = host.sql(INDEXES, database=database, parameters=[table])
    host.sql(DATASET, *(drop for drop, _create in indexes), database=database)
    for first in range(known + 1, rows + 1, _PIECE):
        parameters = [first, min(first + _PIECE - 1, rows), several, several]
        # The same companies each time.
        seeded = f"SET jit = off; SELECT setseed({1 / (first + 1)}); {FILL}"
        host.sql(seeded, database=database, parameters=parameters)
    host.sql(*(create for _drop, create in indexes), database=database)
    host.sql(f"VACUUM ANALYZE {table}", database=database)
