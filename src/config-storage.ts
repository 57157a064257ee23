import type { Environment } from './config-schedule';

export type StorageConfig =
  | { readonly kind: 'connectionString'; readonly connectionString: string }
  | {
      readonly kind: 'identity';
      readonly blobServiceUri: string;
      readonly queueServiceUri: string;
      readonly tableServiceUri: string;
      readonly clientId: string | undefined;
    };

/** A setting that is wrong, and how to mend it. Never its value: that can be a secret that was put in the wrong place. */
export interface ConfigProblem {
  readonly setting: string;
  readonly problem: string;
}

type Service = 'blob' | 'queue' | 'table';

const setting = 'AzureWebJobsStorage';
const services: readonly Service[] = ['blob', 'queue', 'table'];
const accountName = /^[a-z0-9]{3,24}$/;
const connectionStringPattern =
  /(?:^|;)\s*(?:UseDevelopmentStorage=true|AccountKey=.|SharedAccessSignature=.)/i;

/** The host's own storage, in the host's own spellings: a connection string, or identity-based settings. */
export function readStorage(environment: Environment): StorageConfig | readonly ConfigProblem[] {
  const connectionString = environment[setting]?.trim();
  if (connectionString) {
    if (connectionStringPattern.test(connectionString)) return { kind: 'connectionString', connectionString };
    return [{ setting, problem: 'must be a connection string with AccountKey= or SharedAccessSignature=' }];
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
  const uriOf = (service: Service): string | undefined =>
    environment[serviceSetting(service)]?.trim() ||
    (account && `https://${account}.${service}.core.windows.net`) ||
    undefined;
  const [blobServiceUri, queueServiceUri, tableServiceUri] = [uriOf('blob'), uriOf('queue'), uriOf('table')];
  if (!blobServiceUri || !queueServiceUri || !tableServiceUri) {
    const problem = `is missing: set it to a connection string, or set ${setting}__accountName for access by identity`;
    return [{ setting, problem }];
  }
  const wrong = services.filter((service) => !isServiceUri(uriOf(service) ?? ''));
  if (wrong.length > 0) {
    const problem = 'must be an https URL without credentials or a query: access is by identity';
    return wrong.map((service) => ({ setting: serviceSetting(service), problem }));
  }
  const clientId = environment[`${setting}__clientId`]?.trim() || undefined;
  return { kind: 'identity', blobServiceUri, queueServiceUri, tableServiceUri, clientId };
}

function serviceSetting(service: Service): string {
  return `${setting}__${service}ServiceUri`;
}

function isServiceUri(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return protocol === 'https:' && username + password + search + hash === '';
}
