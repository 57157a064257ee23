import { isGuid } from '../base/guid';

type Parts = ReadonlyMap<string, string>;

/**
 * The names in connection strings of storage accounts, in the spelling that every reader accepts: some
 * readers ignore case, others do not.
 */
const storageNames: readonly string[] = [
  'DefaultEndpointsProtocol',
  'AccountName',
  'AccountKey',
  'EndpointSuffix',
  'SharedAccessSignature',
  'UseDevelopmentStorage',
  'DevelopmentStorageProxyUri',
  ...['Blob', 'Queue', 'Table', 'File'].flatMap((service) => [
    `${service}Endpoint`,
    `${service}SecondaryEndpoint`,
  ]),
];
const endpoints = ['BlobEndpoint', 'QueueEndpoint', 'TableEndpoint'] as const;

/**
 * Says why the host or the SDKs cannot use a storage connection string, without quoting it; `undefined` when
 * they can.
 */
export function storageStringProblem(text: string): string | undefined {
  const parts = partsOf(text, storageNames);
  if (typeof parts === 'string') return parts;
  if (parts.has('UseDevelopmentStorage')) return developmentProblem(text, parts);
  if (!parts.has('AccountKey') && !parts.has('SharedAccessSignature'))
    return 'it has neither AccountKey= nor SharedAccessSignature=';
  if (parts.has('AccountKey') && parts.has('SharedAccessSignature'))
    return 'it has AccountKey= and SharedAccessSignature=, and only one of them counts';
  return parts.has('AccountKey') ? accountProblem(parts) : signatureProblem(parts);
}

function developmentProblem(text: string, parts: Parts): string | undefined {
  if (text.startsWith('UseDevelopmentStorage=true') && parts.get('UseDevelopmentStorage') === 'true')
    return undefined;
  return 'it is UseDevelopmentStorage=true, spelled like this and at the beginning, or has no such part';
}

function accountProblem(parts: Parts): string | undefined {
  if (!/^https?$/i.test(parts.get('DefaultEndpointsProtocol') ?? ''))
    return 'it needs DefaultEndpointsProtocol=https';
  if (!/^[a-z0-9]{3,24}$/.test(parts.get('AccountName') ?? ''))
    return 'AccountName= is 3 to 24 lower-case letters and digits';
  const key = parts.get('AccountKey') ?? '';
  if (key.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(key))
    return 'AccountKey= is not whole: a key is Base64, and ends as the portal shows it';
  const problem = endpointsProblem(parts);
  if (problem !== undefined || endpoints.every((name) => parts.has(name))) return problem;
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(parts.get('EndpointSuffix') ?? '')
    ? undefined
    : 'it needs EndpointSuffix=, such as core.windows.net';
}

function signatureProblem(parts: Parts): string | undefined {
  if (!/(?:^|[?&])sig=[^&]/.test(parts.get('SharedAccessSignature') ?? ''))
    return 'SharedAccessSignature= has no sig= in it';
  const missing = endpoints.find((name) => !parts.has(name));
  return missing === undefined ? endpointsProblem(parts) : `with a signature it needs ${missing}=`;
}

function endpointsProblem(parts: Parts): string | undefined {
  const wrong = endpoints.find((name) => parts.has(name) && !isHttpUrl(parts.get(name) ?? ''));
  return wrong === undefined ? undefined : `${wrong}= is not a URL`;
}

/** The endpoint that the exporter sends to, and the audience of its tokens. */
export interface InsightsAddress {
  readonly ingestion: string;
  readonly audience: string | undefined;
}

/**
 * Reads a connection string of Application Insights as the exporter does. Returns a text that says what is
 * wrong, without quoting it, when it cannot.
 */
export function insightsAddress(text: string): InsightsAddress | string {
  const parts = lowerCaseNames(partsOf(text));
  if (typeof parts === 'string') return parts;
  if (!isGuid(parts.get('instrumentationkey') ?? '')) return 'InstrumentationKey= is a GUID';
  const suffix = parts.get('endpointsuffix');
  const location = parts.has('location') ? `${parts.get('location')}.` : '';
  const byDefault = suffix ? `https://${location}dc.${suffix}` : 'https://dc.services.visualstudio.com';
  const ingestion = parts.get('ingestionendpoint') ?? byDefault;
  if (!isHttpUrl(ingestion) || !ingestion.startsWith('https:')) return 'IngestionEndpoint= is an https URL';
  return { ingestion, audience: parts.get('aadaudience') };
}

/** Lowers the names: the exporter ignores their case, and ignores unknown ones. */
function lowerCaseNames(parts: Parts | string): Parts | string {
  if (typeof parts === 'string') return parts;
  return new Map([...parts].map(([name, value]) => [name.toLowerCase(), value]));
}

/**
 * Parses `name=value` pairs between semicolons, each name once, and in the spelling of `names` if given.
 * Returns a text that says what is wrong when it cannot.
 */
function partsOf(text: string, names?: readonly string[]): Parts | string {
  const parts = new Map<string, string>();
  for (const [index, part] of text.split(';').entries()) {
    if (part === '') continue;
    const at = part.indexOf('=');
    const stated = part.slice(0, Math.max(0, at)).trim();
    const same = (each: string): boolean => each.toLowerCase() === stated.toLowerCase();
    const name = names === undefined ? stated : names.find(same);
    if (stated === '' || name === undefined)
      return `part ${index + 1}, between semicolons, is not one that is known`;
    if (name !== stated) return `${name} is spelled like this`;
    if ([...parts.keys()].some(same)) return `${name}= is in it twice`;
    parts.set(name, part.slice(at + 1).trim());
  }
  return parts;
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:\/\//i.test(text);
}
