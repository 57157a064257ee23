import { isGuid } from '../base/guid';
import { storageStringProblem } from './connection-string';
import type { ConfigProblem } from './config-error';
import type { Environment } from './registration';
import { spoiledProblem } from './pasted-value';
import { isLoopback, isOnOrigin, isStorageUrl, type StorageService } from './storage-host';

export type StorageConfig =
  | { readonly kind: 'connectionString'; readonly connectionString: string }
  | {
      readonly kind: 'identity';
      readonly blobServiceUri: string;
      readonly queueServiceUri: string;
      readonly tableServiceUri: string;
      readonly clientId: string | undefined;
    };

const setting = 'AzureWebJobsStorage';
const services: readonly StorageService[] = ['blob', 'queue', 'table'];
const accountName = /^[a-z0-9]{3,24}$/;
const clientIdSetting = `${setting}__clientId`;

/**
 * Reads the settings of the host's own storage, in the host's spellings: a connection string, or
 * identity-based settings. Returns the problems when there are any.
 */
export function readStorage(environment: Environment): StorageConfig | readonly ConfigProblem[] {
  const spoiled = [
    setting,
    `${setting}__accountName`,
    ...services.map(serviceSetting),
    clientIdSetting,
  ].flatMap((name) => asTheHostReads(name, environment[name]));
  return spoiled.length > 0 ? spoiled : readUnspoiled(environment);
}

/** Checks one value as the host reads it, which does not trim blanks. */
function asTheHostReads(name: string, value = ''): readonly ConfigProblem[] {
  if (value.trim() === '') return [];
  const problem =
    spoiledProblem(value) ??
    (/^\s|\s$/.test(value)
      ? 'begins or ends with a blank, which the host takes for a part of it'
      : undefined);
  return problem === undefined ? [] : [{ setting: name, problem }];
}

function readUnspoiled(environment: Environment): StorageConfig | readonly ConfigProblem[] {
  const connectionString = environment[setting]?.trim();
  if (connectionString) {
    const problem = storageStringProblem(connectionString);
    if (problem === undefined) return { kind: 'connectionString', connectionString };
    return [{ setting, problem: `must be a connection string of a storage account: ${problem}` }];
  }
  const account = environment[`${setting}__accountName`]?.trim();
  if (account && !accountName.test(account)) {
    const problem = 'must be the name of a storage account: 3 to 24 lower-case letters and digits';
    return [{ setting: `${setting}__accountName`, problem }];
  }
  return readServices(environment, account);
}

function readServices(
  environment: Environment,
  account: string | undefined,
): StorageConfig | readonly ConfigProblem[] {
  const uriOf = (service: StorageService): string | undefined =>
    environment[serviceSetting(service)]?.trim() ||
    (account && `https://${account}.${service}.core.windows.net`) ||
    undefined;
  const [blobServiceUri, queueServiceUri, tableServiceUri] = [uriOf('blob'), uriOf('queue'), uriOf('table')];
  if (!blobServiceUri || !queueServiceUri || !tableServiceUri) {
    const problem = `is missing: set it to a connection string, or set ${setting}__accountName for access by identity`;
    return [{ setting, problem }];
  }
  const problems = services.flatMap((service) => {
    const problem = serviceProblem(uriOf(service) ?? '', service);
    return problem === undefined ? [] : [{ setting: serviceSetting(service), problem }];
  });
  const clientId = environment[clientIdSetting]?.trim() || undefined;
  if (clientId !== undefined && !isGuid(clientId))
    problems.push({ setting: clientIdSetting, problem: 'must be the client id (a GUID) of the identity' });
  if (problems.length > 0) return problems;
  return { kind: 'identity', blobServiceUri, queueServiceUri, tableServiceUri, clientId };
}

function serviceSetting(service: StorageService): string {
  return `${setting}__${service}ServiceUri`;
}

/**
 * Checks one service's URL, to which the identity's token goes: it must be the service of a storage account,
 * or of this machine.
 */
function serviceProblem(text: string, service: StorageService): string | undefined {
  const { protocol, username, password, pathname, search, hash } = URL.canParse(text) ? new URL(text) : noUrl;
  if (protocol !== 'https:' || username + password + search + hash !== '')
    return 'must be an https URL without credentials or a query: access is by identity';
  if (isLoopback(text)) return undefined;
  if (isStorageUrl(text, service))
    return pathname === '/'
      ? undefined
      : 'must be the service itself, without a container or anything else behind the host';
  return `must be the ${service} service of a storage account, with its own host name and port: the identity’s token goes there`;
}

const noUrl = { protocol: '', username: '', password: '', pathname: '', search: '', hash: '' };

/**
 * Checks the policy's place when access is by identity. With a connection string, which may name any host,
 * the policy reader decides where a token may go.
 */
export function policyProblems(path: string, storage: StorageConfig): readonly ConfigProblem[] {
  if (storage.kind === 'connectionString' || !/^https?:\/\//i.test(path)) return [];
  if (isStorageUrl(path, 'blob') || isOnOrigin(path, storage.blobServiceUri)) return [];
  const problem =
    'must be in the blob service of a storage account, over https, or a folder: the identity’s token goes there';
  return [{ setting: 'POLICY_PATH', problem }];
}
