import type { ArmErrorCode } from '../../../base/errors';
import { guidSource } from '../../../base/guid';
import { namespaceOf } from '../api-versions';
import type { ArmErrorText } from './error-body';

/** A reply without a 2xx status, as far as it is understood. */
export interface Refusal {
  readonly code: ArmErrorCode;
  readonly error: ArmErrorText;
  readonly url: string;
  /** The RBAC action that the identity lacks. */
  readonly action: string | undefined;
}

/** Returns the text to put before Azure's own message: the real cause, and a fix to type in. May be empty. */
export function introductionOf(refusal: Refusal): string {
  const { code, error, url, action } = refusal;
  const fix = registrationFix(error, url) || (versionText(error, url) ?? '');
  if (fix !== '') return fix;
  if (code === 'ARM_FORBIDDEN') return forbiddenText(error, action);
  if (error.code === policyDenial) return 'Azure Policy denied the request: ';
  if (code === 'ARM_FOREIGN_TENANT')
    return 'The resource is in another tenant, where this identity does not exist: ';
  if (code === 'ARM_UNAUTHENTICATED')
    return 'ARM refused the token; is the identity in the tenant of ARM_ENDPOINT? ';
  if (code === 'ARM_UNTRUSTED_URL') return 'ARM answered with a redirect, which is never followed: ';
  return '';
}

/**
 * Returns the command that registers a missing provider or feature; empty when the error is about something
 * else.
 */
export function registrationFix(error: ArmErrorText, url: string): string {
  const unregistered = unregisteredIn(error, url);
  return unregistered === undefined ? '' : unregisteredText(unregistered);
}

export const policyDenial = 'RequestDisallowedByPolicy';

interface Unregistered {
  readonly namespace: string;
  /** The feature, when it and not the provider is unregistered. */
  readonly feature: string | undefined;
  readonly subscriptionId: string | undefined;
}

const unregisteredCodes: ReadonlySet<string> = new Set([
  'MissingSubscriptionRegistration',
  'MissingRegistrationForLocation',
  'SubscriptionNotRegistered',
  'ResourceProviderNotRegistered',
  'SubscriptionNotRegisteredForFeature',
]);
const saysUnregistered =
  /\bprovider\b[^\n]{0,80}\b(?:must be|not|isn't|not been) registered\b|\bsubscription\b[^\n]{0,160}\b(?:must be|not) registered (?:to use|with|for)\b|\bregister (?:the |your )?(?:subscription|provider|resource provider)\b/i;
const feature = /\b(Microsoft\.[A-Za-z.]{1,60})\/([A-Za-z][\w.-]{0,80})/;
const namespaceIn = /\bmicrosoft\.[a-z][a-z0-9]*/i;

/**
 * Finds the unregistered provider and its subscription: the one that Azure's message names, which is the
 * requester's own when the endpoint's side lacks it, else the request's. `undefined` when the error is about
 * something else.
 */
export function unregisteredIn({ code, said }: ArmErrorText, url: string): Unregistered | undefined {
  if (!(code !== undefined && unregisteredCodes.has(code)) && !saysUnregistered.test(said)) return undefined;
  const named = new RegExp(`subscriptions?(?:/|\\b[^.0-9]{0,60}?['"\`(]?)(${guidSource})`, 'i').exec(said);
  const own = new RegExp(`/subscriptions/(${guidSource})`, 'i').exec(url);
  const words = said.replace(/\/subscriptions\/\S*/gi, ' ');
  const [, featureOf, featureName] = /\bfeature\b/i.test(words) ? (feature.exec(words) ?? []) : [];
  const namespace = featureOf ?? namespaceIn.exec(words)?.[0] ?? namespaceOf(url);
  return { namespace, feature: featureName, subscriptionId: named?.[1] ?? own?.[1] };
}

function unregisteredText({ namespace, feature: name, subscriptionId = 'ID' }: Unregistered): string {
  if (name !== undefined)
    return `The feature ${namespace}/${name} is not registered in subscription ${subscriptionId}: az feature register --namespace ${namespace} --name ${name} --subscription ${subscriptionId}. `;
  const fix = `az provider register --namespace ${namespace} --subscription ${subscriptionId}`;
  return `The resource provider ${namespace} is not registered in subscription ${subscriptionId}, and no role helps: ${fix}. `;
}

/** A linked scope is another resource that the same request touches: the endpoint, a network, a target. */
function forbiddenText({ said }: ArmErrorText, action: string | undefined): string {
  const tenant =
    /tenant '([^']{1,100})' is not authorized to access linked subscription '([^']{1,100})'/i.exec(said);
  if (tenant !== null)
    return `The linked subscription ${tenant[2]} belongs to another tenant, where this identity has no rights: `;
  const linked = /on the linked scope(?:\(s\)|s)? '([^',]{1,250})/i.exec(said)?.[1];
  return `The identity may not perform ${action ?? 'this'}${linked === undefined ? '' : ` on ${linked}`}: `;
}

/** Of replies that do not know the api-version, or not for that type. */
export const versionCodes: ReadonlySet<string> = new Set([
  'NoRegisteredProviderFound',
  'InvalidApiVersionParameter',
  'InvalidApiVersion',
  'UnsupportedApiVersion',
  'ApiVersionNotSupported',
  'InvalidResourceType',
]);

/** Another cloud can be behind: which setting takes a version that it knows, and which is the newest of those. */
function versionText({ code, said }: ArmErrorText, url: string): string | undefined {
  const listed = said.search(/supported (?:api[- ]?)?versions?/i);
  const isOfVersions = code !== undefined && versionCodes.has(code);
  if (listed === -1 && (!isOfVersions || code === 'InvalidResourceType')) return undefined;
  if (!isOfVersions && !/api[- ]?version/i.test(said)) return undefined;
  const sent = new URL(url).searchParams.get('api-version') ?? 'none';
  const known =
    listed === -1
      ? []
      : [...said.slice(listed).matchAll(/\b\d{4}-\d{2}-\d{2}(?:-[a-z]+(?:\.\d+)?)?/gi)].map(
          ([version]) => version,
        );
  if (known.includes(sent)) return undefined;
  const namespace = namespaceOf(url);
  const newest = newestOf(known) ?? 'VERSION';
  return `The api-version ${sent} of ${namespace} is not known here; the setting API_VERSIONS takes another one: API_VERSIONS=${namespace}=${newest}. `;
}

/** The newest stable one; a preview only where there is nothing else. */
function newestOf(versions: readonly string[]): string | undefined {
  const stable = versions.filter((version) => version.length === 10);
  return [...(stable.length > 0 ? stable : versions)].sort().at(-1);
}
