import fc from 'fast-check';

/**
 * Texts of columns; those that would be read as something else if they were not quoted or encoded are among
 * them.
 */
export const columnText = fc.constantFrom('', 'x', "o'x", 'Größe', '2026-01-05T12:00:00.000Z', 'true', '7');
export const columnNumber = fc.constantFrom(-3, 0, 7, 1.5, 2_147_483_647);

export const partitionKeys = ['p', "q's"];
export const rowKeys = ['a', "b'c", 'é|'];

const operator = fc.constantFrom('eq', 'ne', 'lt', 'le', 'gt', 'ge');

function comparison(column: string, literal: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(operator, literal).map(([name, value]) => `${column} ${name} ${value}`);
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const comparisons = fc.oneof(
  comparison('PartitionKey', fc.constantFrom(...partitionKeys).map(quoted)),
  comparison('RowKey', fc.constantFrom(...rowKeys).map(quoted)),
  comparison('text', columnText.map(quoted)),
  comparison('number', columnNumber.map(String)),
  comparison('flag', fc.constantFrom('true', 'false')),
);

/** OData filters over the columns that sequences write. */
export const filters: fc.Arbitrary<string> = fc.letrec<{ filter: string }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    comparisons,
    fc.tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter')).map((parts) => parts.join(' ')),
    tie('filter').map((inner) => `(${inner})`),
    tie('filter').map((inner) => `not (${inner})`),
  ),
})).filter;
