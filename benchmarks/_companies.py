"""Synthetic companies of a directory, as skewed as a register is: made by PostgreSQL itself."""

# Countries, industries and sizes as unequal as in life; rows of one search lie scattered.
FILL = """
WITH dataset AS (
    INSERT INTO lead_directory_dataset (name, active, sequence) VALUES ('Synthetic', true, 10)
    RETURNING id
), codes AS (
    SELECT array_agg(code ORDER BY md5(code)) AS divisions
      FROM lead_mining_industry WHERE code ~ '^[0-9]+$'
), drawn AS MATERIALIZED (
    SELECT number,
           (ARRAY['FR','FR','FR','FR','GB','GB','DE','IT','ES','BE'])[1 + floor(10 * random())]
               AS country,
           divisions[1 + floor(cardinality(divisions) * power(random(), 2.5))] AS division,
           least(200000, ceil(power(random(), -1.1)))::int AS size,
           random() AS luck
      FROM codes, generate_series(%s, %s) AS number
)
INSERT INTO lead_directory_company (
    dataset_id, identity, name, registry, registry_id, vat, domain, website, street, city, zip,
    country_code, phone, emails, employees, employees_min, employees_max, industry, industries,
    founded)
SELECT dataset.id, 'reg:XX-TEST:' || lpad(number::text, 9, '0'), 'Synthetic ' || md5(number::text),
       'XX-TEST', lpad(number::text, 9, '0'),
       CASE WHEN luck < 0.3 THEN country || lpad(number::text, 9, '0') END,
       CASE WHEN luck < 0.7 THEN 'synthetic' || number || '.example' END,
       CASE WHEN luck < 0.7 THEN 'https://www.synthetic' || number || '.example' END,
       (number %% 300) || ' Example Street', 'City ' || number %% 5000,
       lpad((number %% 99999)::text, 5, '0'), country, '+32 2 290 34 90',
       CASE WHEN luck < 0.5 THEN 'info@synthetic' || number || '.example' END,
       size, size, size, division, division, 1950 + number %% 75
  FROM drawn, dataset
"""

# What takes part in no constraint can be built at the end, in a fraction of the time.
INDEXES = """
SELECT format('DROP INDEX %%I', indexrelid::regclass::text), pg_get_indexdef(indexrelid)
  FROM pg_index WHERE indrelid = %s::regclass AND NOT indisunique
"""


def fill(host, database: str, rows: int) -> None:
    """Put so many companies into the directory."""
    table = "lead_directory_company"
    indexes = host.sql(INDEXES, database=database, parameters=[table])
    host.sql(*(drop for drop, _create in indexes), database=database)
    host.sql(FILL, database=database, parameters=[1, rows])
    host.sql(*(create for _drop, create in indexes), database=database)
    host.sql(f"VACUUM ANALYZE {table}", database=database)
