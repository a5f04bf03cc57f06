-- Sums of completions by county, department and denominator, for DuckDB and Spark alike.
-- A completion is a fraction. Fractions of one denominator add up as integers, which both engines keep exactly
-- (DECIMAL(38, 0)); the few sums of different denominators are put together by the program.
-- `wide` is the exact text of a fraction too long for the integer columns; rows with neither denominator nor text
-- are the commitments that cannot be computed: counted, never summed.
SELECT
  city,
  county,
  department,
  completion_denominator AS denominator,
  CASE WHEN completion_denominator IS NULL THEN completion END AS wide,
  SUM(completion_numerator) AS numerator,
  COUNT(*) AS commitments
FROM commitments
GROUP BY
  city,
  county,
  department,
  completion_denominator,
  CASE WHEN completion_denominator IS NULL THEN completion END
ORDER BY city, county, department, denominator NULLS LAST, wide NULLS LAST
