-- How many targets show each light, and on how many entries they rest, by county and department, for DuckDB and Spark alike.
SELECT
  city,
  county,
  department,
  light,
  COUNT(*) AS targets,
  CAST(SUM(entries) AS BIGINT) AS entries
FROM status
GROUP BY city, county, department, light
ORDER BY city, county, department, light
