import type { AuditRecord } from '../../audit/audit-record';
import type { Config, ConfigProblem, ConsoleSettings, Environment } from '../../config/config';
import type { ConnectionId } from '../../connections/resource-id';
import type { TargetType } from '../../connections/target-type';
import type { OperationStore } from '../../operations/operation-store';
import type { PolicyFile, PolicySource } from '../../policy/policy';
import type { ManagementGroupReader } from '../../review/lists/management-group-reader';
import type { ConnectionFinder } from '../../review/sweep/connection-finder';
import type { SweepJournal } from '../../review/sweep/journal';
import type { Permission } from './checks/effective-actions';
import type { EventSubscription, SystemTopic } from '../../events/event-subscription';

/**
 * Read access to the parts of a deployment. Each part is opened with its first use. If its own
 * settings are wrong, only that part fails, with PosternError CONFIG_INVALID. Nothing is written.
 */
export interface DoctorSources {
  readonly settings: SettingsReading;
  readonly policy: () => PolicyReading;
  readonly identity: () => IdentitySource;
  readonly storage: () => StorageInspector;
  readonly records: () => DeploymentRecords;
  readonly arm: () => ArmReading;
  readonly signInKeys: () => SignInKeys;
  readonly registration: () => RegistrationSource;
}

/** Source of the app registration with which people sign in to the console. */
export interface RegistrationSource {
  /** Reads it; `undefined` if the caller sees none with this client id. @throws Error if it cannot be read. */
  read(settings: Pick<ConsoleSettings, 'authority' | 'clientId'>): Promise<ConsoleRegistration | undefined>;
}

/** An app registration as far as people sign in with it. */
export interface ConsoleRegistration {
  /** Version of the access tokens for it; absent: 1. */
  readonly tokenVersion: number | undefined;
  /** Addresses of its single-page application. */
  readonly redirectUris: readonly string[];
  readonly scopes: readonly string[];
  /** Roles that can be assigned to people. */
  readonly roles: readonly string[];
}

/** The public keys of the console's sign-in service. */
export interface SignInKeys {
  /** Reads a key set and counts its keys. @throws Error if it cannot be read. */
  count(url: string): Promise<number>;
}

/** The settings of the deployment, and their problems. */
export interface SettingsReading {
  readonly environment: Environment;
  /** Absent if a setting is wrong. */
  readonly config: Config | undefined;
  readonly problems: readonly ConfigProblem[];
}

/** The policy of the deployment. */
export interface PolicyReading {
  /** POLICY_PATH with its default: a path or a URL. */
  readonly path: string;
  readonly source: PolicySource;
  /** Reads the files of the policy. @throws PosternError POLICY_INVALID */
  readonly files: () => Promise<readonly PolicyFile[]>;
}

/** Source of the identity that runs doctor. */
export interface IdentitySource {
  /** Requests a token and reads its claims; the token is not kept. @throws ArmError */
  whoAmI(): Promise<Identity>;
}

/** The claims of a token. All ids are absent if the claims cannot be read. */
export interface Identity {
  /** The app's or the managed identity's client id. */
  readonly clientId: string | undefined;
  readonly objectId: string | undefined;
  readonly tenantId: string | undefined;
  /** Whether the caller is a person; then `clientId` is the app they use, such as the Azure CLI. */
  readonly isPerson: boolean;
}

/** A container, queue or table. */
export interface StoragePart {
  readonly service: 'blob' | 'queue' | 'table';
  readonly name: string;
}

/** Whether a part of the storage exists, and how full a queue is. */
export type PartState =
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'present';
      /** Approximate number of messages in a queue, including hidden ones. */
      readonly messages?: number | undefined;
      /** When the oldest visible message of a queue was added, in ISO 8601. */
      readonly oldestAt?: string | undefined;
    };

/** Inspects parts of the storage account. */
export interface StorageInspector {
  /**
   * Reads the state of a part; creates nothing.
   * @throws PosternError STORE_UNAVAILABLE, or the service's own error
   */
  inspect(part: StoragePart): Promise<PartState>;
}

/** The records that Postern keeps in its storage. */
export interface DeploymentRecords {
  readonly journal: Pick<SweepJournal, 'read'>;
  readonly operations: Pick<OperationStore, 'load' | 'overdue' | 'waitingForPerson'>;
  readonly decisions: DecisionReader;
  /** Reads the digest of the policy that was adopted last; `undefined` if none was. @throws PosternError STORE_UNAVAILABLE */
  readonly policyDigest: () => Promise<string | undefined>;
}

/** Reads decisions from the ledger. */
export interface DecisionReader {
  /** Reads the `decided` record of a decision; `undefined` if the ledger has none. */
  read(connection: ConnectionId, decisionId: string): Promise<AuditRecord | undefined>;
}

/** Read access to Azure Resource Manager. */
export interface ArmReading {
  /** Finds connections. */
  readonly graph: ConnectionFinder;
  /** Finds targets. */
  readonly lists: ConnectionFinder;
  /** The types of target that the settings choose. */
  readonly types: readonly TargetType[];
  readonly permissions: PermissionReader;
  readonly managementGroups: ManagementGroupReader;
  /** Reads the tenant of a subscription; `undefined` if ARM does not tell. @throws ArmError */
  readonly tenantOf: (subscriptionId: string) => Promise<string | undefined>;
  readonly events: EventSubscriptionReader;
  readonly needed: NeededActions;
  readonly deployed: DeploymentReader;
  readonly versions: VersionReading;
}

/** Reads the caller's own permissions. */
export interface PermissionReader {
  /**
   * Reads the caller's permissions on a resource or a subscription, by its id; one entry for each
   * role.
   * @throws ArmError
   */
  permissionsOn(id: string): Promise<readonly Permission[]>;
}

/** The API version of Postern's requests to a type. */
export interface SentVersion {
  readonly type: string;
  readonly apiVersion: string;
}

/** The API versions that Postern uses, and those that the cloud supports. */
export interface VersionReading {
  /** API versions of Postern's requests, by resource type. */
  readonly sent: () => Promise<readonly SentVersion[]>;
  /** Reads the supported API versions of a namespace, by resource type in lower case. @throws ArmError */
  versionsOf(subscriptionId: string, namespace: string): Promise<ReadonlyMap<string, readonly string[]>>;
}

/** The actions that Postern's role must have, from the table that also generates the role. */
export interface NeededActions {
  /** Returns the actions that are needed on a target. */
  onTarget(type: TargetType): readonly string[];
  /** Returns the actions that are needed on a subscription that contains targets of these types. */
  onSubscription(types: readonly TargetType[]): readonly string[];
  /** Actions that are needed on an endpoint if the policy reads facts of endpoints. */
  readonly onEndpoint: readonly string[];
  /** On the subscription of a requester. */
  readonly onRequester: readonly string[];
  /** On the network of an endpoint. */
  readonly onNetwork: readonly string[];
  /** On resources that have managed endpoints. */
  readonly onManagedEndpoints: readonly string[];
}

/** Reads resources that a deployment created. */
export interface DeploymentReader {
  /** Lists the custom roles that can be assigned in a subscription. @throws ArmError */
  customRoles(subscriptionId: string): Promise<readonly CustomRole[]>;
  /** Reads a function app and one of its functions; `undefined` if there is no such app. @throws ArmError */
  functionApp(id: string, functionName: string): Promise<DeployedApp | undefined>;
  /** Reads what matters to the console; `undefined` if there is no such app. @throws ArmError */
  console(id: string): Promise<DeployedConsole | undefined>;
}

/** The state of a function app as far as the console is concerned. */
export interface DeployedConsole {
  readonly httpsOnly: boolean;
  /** Whether App Service authentication (Easy Auth) is on. */
  readonly hasAuthentication: boolean;
  /** The state of the function `console`. */
  readonly functionState: DeployedApp['functionState'];
}

/** A custom role with its permissions. */
export interface CustomRole {
  readonly roleName: string;
  readonly permissions: readonly Permission[];
}

/** The state of a function app and of one of its functions. */
export interface DeployedApp {
  readonly state: string | undefined;
  /** Whether public networks can reach the app. */
  readonly isPublic: boolean;
  readonly functionState: 'missing' | 'disabled' | 'ready';
}

/** Reads system topics and their event subscriptions. */
export interface EventSubscriptionReader {
  /** Lists the system topics in a subscription. @throws ArmError */
  topics(subscriptionId: string): Promise<readonly SystemTopic[]>;
  /** Lists the event subscriptions of a topic. @throws ArmError */
  subscriptionsOf(topic: SystemTopic): Promise<readonly EventSubscription[]>;
}

/** The part of the host that gives access to a deployment. */
export interface DoctorHost {
  /** Gives read access to a deployment; `settings` override the environment. Connects with the first read. */
  doctorSources(settings: Environment): DoctorSources;
  /**
   * Adds the table of types that `settings` name, and returns them with its api-versions.
   * @throws PosternError CONFIG_INVALID with the place of each problem
   */
  withOwnTypes(settings: Environment): Promise<Environment>;
}
