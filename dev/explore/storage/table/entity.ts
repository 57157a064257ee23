import type { Refusal } from '../errors';

/** The columns that are simulated; the service has more types. */
export type ColumnValue = string | number | boolean;

/** A row as a caller writes it. */
export interface Entity {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly [column: string]: unknown;
}

/** A row as the table holds it. Never changed: a write puts another one in its place. */
export interface StoredRow {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly etag: string;
  readonly timestamp: string;
  readonly [column: string]: ColumnValue;
}

/** Builds the error of a call, or of an action of a transaction. */
export type Fail = (refusal: Refusal) => Error;

const maxKeyBytes = 1024;
const maxTextUnits = 32 * 1024;
const maxColumns = 252;
const maxEntityBytes = 1024 * 1024;
/** The fields of an entity that are no columns: the service sets them. */
const notColumns: ReadonlySet<string> = new Set(['partitionKey', 'rowKey', 'etag', 'timestamp']);

/**
 * Returns the columns of an entity without those that are null or undefined, which the service does not
 * store. @throws RestError, built by `fail`, for keys, values or sizes beyond the documented limits of the
 * service. Azurite allows larger entities, and whole numbers beyond 32 bits without a type.
 */
export function columnsFrom(entity: Entity, fail: Fail): Record<string, ColumnValue> {
  const { partitionKey, rowKey } = entity;
  checkKey(partitionKey, fail);
  checkKey(rowKey, fail);
  const columns: Record<string, ColumnValue> = {};
  let bytes = 4 + 2 * (partitionKey.length + rowKey.length);
  let count = 0;
  for (const [name, value] of Object.entries(entity)) {
    if (value === undefined || value === null || notColumns.has(name)) continue;
    count += 1;
    bytes += 8 + 2 * name.length + bytesOf(value, fail);
    columns[name] = value as ColumnValue;
  }
  if (count > maxColumns) throw fail(tooManyColumns);
  if (bytes > maxEntityBytes) throw fail(entityTooLarge);
  return columns;
}

function bytesOf(value: unknown, fail: Fail): number {
  if (typeof value === 'string') {
    if (value.length > maxTextUnits) throw fail(textTooLarge);
    return 4 + 2 * value.length;
  }
  if (typeof value === 'boolean') return 1;
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new Error(`The simulated tables do not store ${String(value)} of type ${typeof value}.`);
  }
  if (Number.isInteger(value) && value !== (value | 0)) throw fail(invalidInput);
  return 8;
}

function checkKey(key: string, fail: Fail): void {
  if (/[\u0000-\u001f\u007f-\u009f/\\#?]/.test(key)) throw fail(forbiddenCharacter);
  if (2 * key.length > maxKeyBytes) throw fail(keyTooLarge);
}

const tooManyColumns = invalid('TooManyProperties', 'The entity contains more properties than allowed.');
const entityTooLarge = invalid('EntityTooLarge', 'The entity is larger than the maximum allowed size.');
const textTooLarge = invalid(
  'PropertyValueTooLarge',
  'The property value exceeds the maximum allowed size (64KB).',
);
const invalidInput = invalid('InvalidInput', 'One of the request inputs is not valid.');
const forbiddenCharacter = invalid('OutOfRangeInput', 'One of the request inputs is out of range.');
const keyTooLarge = invalid('KeyValueTooLarge', 'The key value exceeds the maximum allowed size.');

function invalid(code: string, message: string): Refusal {
  return { status: 400, code, message };
}
