-- Sums of the completions of commitments by ledger, department and denominator, for DuckDB and Spark alike.
-- A completion is a fraction. Fractions of one denominator add up as integers, which both engines keep exactly
-- (DECIMAL(38, 0)); sums of different denominators are put together by the program.
-- A numerator or denominator of more than 28 digits is not summed here: such rows are grouped by the fraction itself.
-- Rows without a denominator are the commitments that cannot be computed: counted, never summed.
SELECT
  ledger,
  department,
  completion_denominator AS denominator,
  CASE WHEN LENGTH(completion_numerator) > 28 THEN completion_numerator END AS long_numerator,
  SUM(CASE WHEN LENGTH(completion_numerator) <= 28 THEN CAST(completion_numerator AS DECIMAL(38, 0)) END) AS numerator,
  COUNT(*) AS commitments
FROM commitments
GROUP BY
  ledger,
  department,
  completion_denominator,
  CASE WHEN LENGTH(completion_numerator) > 28 THEN completion_numerator END
ORDER BY ledger, department, denominator NULLS LAST, long_numerator NULLS LAST
