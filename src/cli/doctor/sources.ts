import type { AuditRecord } from '../../audit/audit-record';
import type { Config, ConfigProblem, Environment } from '../../config/config';
import type { ConnectionId } from '../../connections/resource-id';
import type { TargetType } from '../../connections/target-type';
import type { OperationStore } from '../../operations/operation-store';
import type { PolicySource } from '../../policy/policy';
import type { ConnectionFinder } from '../../review/sweep/connection-finder';
import type { SweepJournal } from '../../review/sweep/journal';
import type { Permission } from './checks/effective-actions';
import type { EventSubscription, SystemTopic } from './event-filters/event-subscription';

/**
 * What doctor reads of a deployment. Nothing is opened before it is asked for, and a part whose own settings are wrong
 * fails alone, with PosternError CONFIG_INVALID. Everything is only read.
 */
export interface DoctorSources {
  readonly settings: SettingsReading;
  readonly policy: () => PolicyReading;
  readonly identity: () => IdentitySource;
  readonly storage: () => StorageInspector;
  readonly records: () => DeploymentRecords;
  readonly arm: () => ArmReading;
}

/** The settings as they came, and what became of them. */
export interface SettingsReading {
  readonly environment: Environment;
  /** Absent when something is wrong. */
  readonly config: Config | undefined;
  readonly problems: readonly ConfigProblem[];
}

export interface PolicyReading {
  /** POLICY_PATH as it is followed: a path, or a URL. */
  readonly path: string;
  readonly source: PolicySource;
}

/** Who asks Azure here. */
export interface IdentitySource {
  /** From the claims of a fresh token; the token itself is not kept. @throws ArmError */
  whoAmI(): Promise<Identity>;
}

/** All absent: a token whose claims cannot be read. */
export interface Identity {
  /** The app's or the managed identity's client id. */
  readonly clientId: string | undefined;
  readonly objectId: string | undefined;
  readonly tenantId: string | undefined;
  /** Whether it is a person, who uses the app `clientId` (the Azure CLI, for one). */
  readonly isPerson: boolean;
}

export interface StoragePart {
  readonly service: 'blob' | 'queue' | 'table';
  readonly name: string;
}

export type PartState =
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'present';
      /** Of a queue: about so many, hidden ones included. */
      readonly messages?: number | undefined;
      /** Of a queue: when the first message that can be seen was put in. ISO 8601. */
      readonly oldestAt?: string | undefined;
    };

export interface StorageInspector {
  /** Looks and makes nothing. @throws PosternError STORE_UNAVAILABLE, or what the service says */
  inspect(part: StoragePart): Promise<PartState>;
}

/** What Postern keeps in its storage. */
export interface DeploymentRecords {
  readonly journal: Pick<SweepJournal, 'read'>;
  readonly operations: Pick<OperationStore, 'load' | 'overdue' | 'waitingForPerson'>;
  readonly decisions: DecisionReader;
}

export interface DecisionReader {
  /** The `decided` record in the ledger; `undefined` when there is none. */
  read(connection: ConnectionId, decisionId: string): Promise<AuditRecord | undefined>;
}

export interface ArmReading {
  /** Tells of connections. */
  readonly graph: ConnectionFinder;
  /** Tells of targets. */
  readonly lists: ConnectionFinder;
  readonly permissions: PermissionReader;
  readonly events: EventSubscriptionReader;
  readonly needed: NeededActions;
  readonly deployed: DeploymentReader;
  readonly versions: VersionReading;
}

export interface PermissionReader {
  /** What the caller may do on a resource or a subscription, by its id; one entry for each role. @throws ArmError */
  permissionsOn(id: string): Promise<readonly Permission[]>;
}

/** The api-versions of requests, and what the cloud knows of them. */
export interface VersionReading {
  /** What Postern's requests to a type are made with. */
  readonly sent: readonly { readonly type: string; readonly apiVersion: string }[];
  /** By type in lower case. @throws ArmError */
  versionsOf(subscriptionId: string, namespace: string): Promise<ReadonlyMap<string, readonly string[]>>;
}

/** The actions that Postern's role must have, from the table that the role itself is made of. */
export interface NeededActions {
  /** On a target. */
  onTarget(type: TargetType): readonly string[];
  /** On a subscription itself, where there are targets of these types in it. */
  onSubscription(types: readonly TargetType[]): readonly string[];
  /** On an endpoint, where the policy reads facts of endpoints. */
  readonly onEndpoint: readonly string[];
}

/** What a deployment has made. */
export interface DeploymentReader {
  /** The custom roles that can be assigned in a subscription. @throws ArmError */
  customRoles(subscriptionId: string): Promise<readonly CustomRole[]>;
  /** `undefined` when there is no such app. @throws ArmError */
  functionApp(id: string, functionName: string): Promise<DeployedApp | undefined>;
}

export interface CustomRole {
  readonly roleName: string;
  readonly permissions: readonly Permission[];
}

export interface DeployedApp {
  readonly state: string | undefined;
  /** Whether it can be reached from public networks. */
  readonly isPublic: boolean;
  readonly functionState: 'missing' | 'disabled' | 'ready';
}

export interface EventSubscriptionReader {
  /** The system topics that live in a subscription. @throws ArmError */
  topics(subscriptionId: string): Promise<readonly SystemTopic[]>;
  /** The event subscriptions of one. @throws ArmError */
  subscriptionsOf(topic: SystemTopic): Promise<readonly EventSubscription[]>;
}
