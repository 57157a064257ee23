/**
 * How many cases a property gets: a few hundred in an ordinary test run, `POSTERN_FUZZ_RUNS` in `npm run fuzz`. A case
 * that costs as much as ten others still gets all of those in `npm run fuzz`, but a `share` of the few hundred here.
 */
export function runs(share = 1): number {
  const wanted = Number(process.env['POSTERN_FUZZ_RUNS'] ?? Number.NaN);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : Math.ceil(300 * share);
}
