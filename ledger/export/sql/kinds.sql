-- Sums of the completions of targets by city, kind, light and denominator, for DuckDB and Spark alike.
-- As in `ledger status`, a completion above 1 counts as 1 and one below 0 as 0. Sums as in completion.sql.
WITH clamped AS (
  SELECT
    city,
    kind,
    light,
    entries,
    CASE
      WHEN LENGTH(completion_numerator) > 28 OR LENGTH(completion_denominator) > 28 THEN completion_numerator
    END AS long_numerator,
    CASE
      WHEN LENGTH(completion_numerator) > 28 OR LENGTH(completion_denominator) > 28 THEN completion_denominator
      WHEN CAST(completion_numerator AS DECIMAL(38, 0)) <= 0 THEN '1'
      WHEN CAST(completion_numerator AS DECIMAL(38, 0)) >= CAST(completion_denominator AS DECIMAL(38, 0)) THEN '1'
      ELSE completion_denominator
    END AS denominator,
    CASE
      WHEN LENGTH(completion_numerator) > 28 OR LENGTH(completion_denominator) > 28 THEN NULL
      WHEN CAST(completion_numerator AS DECIMAL(38, 0)) <= 0 THEN CAST(0 AS DECIMAL(38, 0))
      WHEN CAST(completion_numerator AS DECIMAL(38, 0)) >= CAST(completion_denominator AS DECIMAL(38, 0))
        THEN CAST(1 AS DECIMAL(38, 0))
      ELSE CAST(completion_numerator AS DECIMAL(38, 0))
    END AS numerator
  FROM status
)
SELECT
  city,
  kind,
  light,
  denominator,
  long_numerator,
  SUM(numerator) AS numerator,
  COUNT(*) AS targets,
  CAST(SUM(entries) AS BIGINT) AS entries
FROM clamped
GROUP BY city, kind, light, denominator, long_numerator
ORDER BY city, kind, light, denominator NULLS LAST, long_numerator NULLS LAST
