import { isGuid } from '../base/guid';

type Parts = ReadonlyMap<string, string>;

/** Of storage accounts, in the spelling that every reader of them takes: some compare these without case, some do not. */
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

/** What keeps the host and the SDKs from using it, without any of its text; `undefined` when nothing does. */
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
  return wrong === undefined ? undefined : `${wrong}= is no URL`;
}

/** Where the exporter sends what it has, and for which audience it asks for a token. */
export interface InsightsAddress {
  readonly ingestion: string;
  readonly audience: string | undefined;
}

/** As the exporter reads it; a text is what is wrong, without any of the value. */
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

/** The exporter compares names without case, and passes over those that it does not know. */
function lowerCaseNames(parts: Parts | string): Parts | string {
  if (typeof parts === 'string') return parts;
  return new Map([...parts].map(([name, value]) => [name.toLowerCase(), value]));
}

/** `name=value` between semicolons, each name once, and in the spelling of `names` if given. A text is what is wrong. */
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
    if ([...parts.keys()].some(same)) return `${name}= stands in it twice`;
    parts.set(name, part.slice(at + 1).trim());
  }
  return parts;
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:\/\//i.test(text);
}
