-- Targets by ledger, department and light, for DuckDB and Spark alike: how many, how many without a completion,
-- and on how many entries they rest.
SELECT
  ledger,
  department,
  light,
  COUNT(*) AS targets,
  COUNT(*) - COUNT(completion_denominator) AS uncounted,
  CAST(SUM(entries) AS BIGINT) AS entries
FROM status
GROUP BY ledger, department, light
ORDER BY ledger, department, light
