import type { TypeEvidence } from '../../connections/target-type';

/** One row of the table of target types, as `postern types` prints it. */
export interface TypeInfo {
  readonly type: string;
  readonly label: string;
  readonly service: string;
  readonly evidence: TypeEvidence;
  /** Whether the app answers the type if `TARGET_TYPES` is not set. */
  readonly isDefault: boolean;
  /** Whether one approval opens many resources. */
  readonly opensMany: boolean;
  readonly apiVersion: string;
  /** The api-version of the target itself. */
  readonly targetApiVersion: string;
  /** Where the connections are listed. */
  readonly list: 'collection' | 'property of the target';
  readonly write: 'PUT' | 'PATCH' | 'none';
  /** The effect that takes an approval away; absent: only `delete` is sure to. */
  readonly revocation?: 'reject' | 'delete' | undefined;
  readonly canReviveRejected: boolean;
  /** The provisioning states in which nothing is in progress, in lower case; empty: the type has none. */
  readonly endStates: readonly string[];
  readonly groupIds: readonly string[];
  /** What became of each change that was tried, e.g. `Pending>Approved`. */
  readonly transitions: Readonly<Record<string, string>>;
  readonly inResourceGraph: boolean;
  /** The actions that the operator role needs for the type. */
  readonly actions: readonly string[];
  /** What no role can name. */
  readonly unlistedActions?: string | undefined;
  /** Where each part of the row comes from. */
  readonly sources: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

/** The table of target types. */
export interface TypesHost {
  /** Reads all rows, or those of these types and services. */
  typeInfos(): Promise<readonly TypeInfo[]>;
}

/** Describes in a few words what Postern can do with connections of a type. */
export function abilityOf({ write, revocation, canReviveRejected }: TypeInfo): string {
  if (write === 'none') return 'read only';
  const revokes = revocation === undefined ? 'revoke by a delete rule' : `revoke (${revocation})`;
  return ['approve', 'reject', revokes, ...(canReviveRejected ? ['approve again'] : [])].join(', ');
}
