import type { TargetType } from '../../../../connections/target-type';

/** What the adapter must know about a type without a store of its own: one row of wire-types.json. */
export interface WireType {
  /** The api-version of the connections. */
  readonly apiVersion: string;
  /** Versions to try, in this order, where Azure does not know `apiVersion`. */
  readonly fallbackApiVersions?: readonly string[] | undefined;
  /** The api-version of the target itself; absent if it is the same. */
  readonly targetApiVersion?: string | undefined;
  /** `parent`: there is no list of connections, only a property of the target. Default: a list. */
  readonly list?: 'parent' | undefined;
  /** The property of the target that holds its connections. */
  readonly parentProperty?: string | undefined;
  /** Default: PUT of the whole connection. */
  readonly method?: 'PATCH' | undefined;
  /**
   * Where an item's name is. Default: the last segment of its `id`; `name`: of its `name`; `endpoint`: an item
   * without a name in its id is called as its endpoint.
   */
  readonly identity?: 'name' | 'endpoint' | undefined;
  readonly states: WireStates;
  readonly groupIds: readonly string[];
  /** What became of each change that somebody asked for, e.g. `Pending>Approved`. */
  readonly transitions: Readonly<Record<string, string>>;
  /** Where each part of the row comes from. */
  readonly evidence: Readonly<Record<string, string>>;
  readonly notes?: readonly string[] | undefined;
}

/** The provisioning states of a type's connections, in lower case. */
export interface WireStates {
  /** The states in which nothing is in progress. Empty: the type has none. */
  readonly terminal: readonly string[];
  /** For some statuses, in lower case, other states than `terminal`. */
  readonly byStatus?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly working?: readonly string[] | undefined;
}

const added = new Map<string, WireType>();

/** Adds rows, or replaces those of the table. For this process: see `addTargetTypes`. */
export function addWireTypes(rows: Readonly<Record<string, WireType>>): void {
  for (const [type, row] of Object.entries(rows)) added.set(type, row);
}

/** Loads the row of a type; the table is a chunk of its own. */
export async function wireTypeOf(type: TargetType): Promise<WireType> {
  const own = added.get(type);
  if (own !== undefined) return own;
  const { default: table } = await import('./wire-types.json');
  const row = (table as Readonly<Record<string, WireType | undefined>>)[type];
  if (row === undefined) throw new TypeError(`no row has the type ${type}`);
  return row;
}
