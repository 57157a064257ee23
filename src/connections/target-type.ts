import { lower } from '../base/compare';
import rows from './target-types.json';

/** The types that have a store of their own, built on their SDKs. */
export const ownStoreTypes = [
  'Microsoft.KeyVault/vaults',
  'Microsoft.KeyVault/managedHSMs',
  'Microsoft.ApiManagement/service',
  'Microsoft.Compute/diskAccesses',
] as const;

export type OwnStoreType = (typeof ownStoreTypes)[number];

declare const isTableType: unique symbol;

/** A resource type whose connections Postern answers, in ARM's own spelling: a row of the table of target types. */
export type TargetType = OwnStoreType | (string & { readonly [isTableType]: true });

/**
 * How well a type is known. `recorded`: real traffic shows its writes; `described`: Microsoft's specification
 * or SDK does; `listed`: it stands in a list of types, and nothing else is known.
 */
export type TypeEvidence = 'recorded' | 'described' | 'listed';

/** What the use cases and the policy must know about a type of target. */
export interface TargetProfile {
  /** The product name. */
  readonly label: string;
  /** The service's short word, by which policies name it; several types may share one. */
  readonly service: string;
  readonly evidence: TypeEvidence;
  /** Whether one approval opens many resources: a whole tenant, or everything behind a scope. */
  readonly opensMany: boolean;
  /** Whether the type has a store of its own. The others are only answered as their row is known to allow. */
  readonly hasOwnStore: boolean;
  /** Whether connections can be written at all. `false`: Postern lists and reads them. */
  readonly isWritable: boolean;
  /** The effect that takes an approval away; `undefined`: nobody knows whether a rejection does. */
  readonly revocation: 'reject' | 'delete' | undefined;
  /** The shortest time from one poll to the next. */
  readonly pollFloorSeconds: number;
  /** The age at which an unfinished operation is given up as expired. */
  readonly deadlineSeconds: number;
  /** The delay of the first poll after a write: no recorded operation has ended sooner. */
  readonly firstPollSeconds: number;
  /**
   * The number of polling intervals after which a write counts as not done, if its reply was lost and no poll
   * shows a sign of it: longer than the slowest provider was recorded to hide a write behind the old status.
   */
  readonly unconfirmedTimeoutPolls: number;
  /**
   * Whether a write goes on behind the old status with `Succeeded` (API Management, disk accesses), or shows the
   * new status at once with `Updating` (Key Vault).
   */
  readonly showsNewStatusAtOnce: boolean;
  /** Whether the provider may answer 200 without doing anything (disk access: if the status is already as wanted). */
  readonly acceptsWithoutEffect: boolean;
  /** Whether the target itself stays locked after its connection has changed. */
  readonly locksTarget: boolean;
  /** Whether a Rejected connection was seen to become Approved. */
  readonly canReviveRejected: boolean;
  /** Whether Resource Graph is likely to show the connections with the target. */
  readonly inResourceGraph: boolean;
  /** The pattern of a target's name, where it is narrower than what a URL allows. */
  readonly namePattern: RegExp | undefined;
  /** The connections that the provider's own machinery needs. */
  readonly machinery: Machinery | undefined;
}

/** The patterns of connections that must be neither rejected nor deleted. */
export interface Machinery {
  /** Of the connection's name. */
  readonly connection: RegExp | undefined;
  /** Of the endpoint's resource group, in the target's own subscription: the provider manages it. */
  readonly endpointGroup: RegExp | undefined;
}

/** A row as it is stored. Fields with their usual value are left out. */
export interface TargetTypeRow extends Partial<
  Omit<TargetProfile, 'namePattern' | 'machinery' | 'isWritable'>
> {
  readonly type: string;
  readonly label: string;
  readonly service: string;
  readonly evidence: TypeEvidence;
  readonly writes?: 'none' | undefined;
  readonly namePattern?: string | undefined;
  readonly machinery?:
    { readonly connection?: string | undefined; readonly endpointGroup?: string | undefined } | undefined;
}

interface TableEntry {
  readonly type: TargetType;
  readonly profile: TargetProfile;
}

const table = new Map<string, TableEntry>();
addTargetTypes(rows as readonly TargetTypeRow[]);

/**
 * Adds rows to the table of types, or replaces those with the same type. For this process: call it once, with
 * the rows of TARGET_TYPES_PATH, before any id is parsed.
 */
export function addTargetTypes(added: readonly TargetTypeRow[]): void {
  for (const row of added)
    table.set(lower(row.type), { type: row.type as TargetType, profile: profileFrom(row) });
}

/** Lists all types, in the order of the table. */
export function targetTypes(): readonly TargetType[] {
  return [...table.values()].map(({ type }) => type);
}

/** Lists the types of which real traffic shows the writes: those that Postern answers if nothing else is set. */
export function recordedTypes(): readonly TargetType[] {
  return targetTypes().filter((type) => profileOf(type).evidence === 'recorded');
}

/** Returns the profile of a type. */
export function profileOf(type: TargetType): TargetProfile {
  const entry = table.get(lower(type));
  if (entry === undefined) throw new TypeError(`no row has the type ${type}`);
  return entry.profile;
}

/**
 * Returns the type in ARM's spelling, whatever the casing of `text`; `undefined` for a type that is not in the
 * table.
 */
export function targetTypeFrom(text: string): TargetType | undefined {
  return table.get(lower(text))?.type;
}

/** Lists the words of all services, in alphabetical order. */
export function services(): readonly string[] {
  return [...new Set(targetTypes().map((type) => profileOf(type).service))].sort();
}

/** Lists the types that a word names, a type or a service, without case; empty if it names none. */
export function typesNamed(word: string): readonly TargetType[] {
  const type = targetTypeFrom(word);
  if (type !== undefined) return [type];
  const service = lower(word);
  return targetTypes().filter((each) => profileOf(each).service === service);
}

/** Tells whether a type has a store of its own. */
export function isOwnStoreType(type: TargetType): type is OwnStoreType {
  return (ownStoreTypes as readonly string[]).includes(type);
}

function profileFrom({ writes, namePattern, machinery, ...row }: TargetTypeRow): TargetProfile {
  return {
    opensMany: false,
    hasOwnStore: false,
    isWritable: writes !== 'none',
    revocation: undefined,
    pollFloorSeconds: 10,
    firstPollSeconds: 10,
    deadlineSeconds: 30 * 60,
    unconfirmedTimeoutPolls: 18,
    showsNewStatusAtOnce: false,
    acceptsWithoutEffect: false,
    locksTarget: false,
    canReviveRejected: false,
    inResourceGraph: false,
    ...row,
    namePattern: namePattern === undefined ? undefined : new RegExp(namePattern),
    machinery: machinery && {
      connection: patternFrom(machinery.connection),
      endpointGroup: patternFrom(machinery.endpointGroup),
    },
  };
}

function patternFrom(text: string | undefined): RegExp | undefined {
  return text === undefined ? undefined : new RegExp(text, 'i');
}
