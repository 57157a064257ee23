import { nearest } from '../../base/did-you-mean';
import { services, targetTypes } from '../../connections/target-type';
import { isLookAlike, findOddCharacter } from './odd-characters';
import type { TextTest } from './shapes/pattern-shape';

/**
 * Explains why a text that an author wrote can never match a fact, and what to write instead, as
 * half a sentence.
 *
 * @param fact the path of the fact
 */
export function whyNever(text: string, fact: string, test: TextTest | '=='): string {
  const odd = findOddCharacter(text);
  if (odd !== undefined) return `it has ${odd.message}`;
  if (text !== text.trim())
    return `it has a space at its ${text === text.trimStart() ? 'end' : 'beginning'}: remove it`;
  if (test === '==' && /^[^{}]*[,;|][^{}]*$/.test(text) && !fact.endsWith('kind'))
    return 'it joins several texts: write each separately';
  if (/^[{(<["'].*[\])}>"']$/.test(text)) return 'it includes brackets or quotes: remove them';
  if (fact.endsWith('.subscriptionId') && /^\/?subscriptions\//i.test(text))
    return 'it is a scope, and the id of a subscription is a GUID: write the GUID alone';
  if (test === '==' && text.length > 1 && text.endsWith('/')) return 'it ends with `/`: remove that';
  if (test === '==' && /[*?]/.test(text))
    return 'only `glob()` interprets `*` and `?`: write the whole text, or use `glob()`';
  return factFixes[fact]?.(text) ?? generic(fact, test);
}

const guid = (what: string) => (text: string) => {
  if (/^[0-9a-f]{32}$/i.test(text)) return 'its dashes are missing: write the GUID as Azure does';
  return `${what} is a GUID such as 11111111-1111-1111-1111-111111111111: write that, not a name`;
};

const id = (what: string, example: string) => (text: string) => {
  if (/^[0-9a-f-]{36}$/i.test(text))
    return `it is a GUID, and ${what} is a whole id: compare the subscription's id instead`;
  return `${what} is \`${example}\`: write the whole id`;
};

const below = '/subscriptions/…/resourceGroups/…/providers';

const factFixes: Readonly<Record<string, (text: string) => string>> = {
  'endpoint.subscriptionId': guid('the id of a subscription'),
  'target.subscriptionId': guid('the id of a subscription'),
  'endpoint.tenantId': guid('the id of a tenant'),
  'target.tenantId': guid('the id of a tenant'),
  'endpoint.tenant': () => 'it is `own`, `microsoft` or `other`: write one of them',
  'requester.subscriptionId': guid('the id of a subscription'),
  'requester.id': id("a resource's id", `${below}/Microsoft.Network/privateEndpoints/…`),
  'endpoint.id': id("an endpoint's id", `${below}/Microsoft.Network/privateEndpoints/…`),
  'endpoint.virtualNetworkId': id("a network's id", `${below}/Microsoft.Network/virtualNetworks/…`),
  'endpoint.subnetId': id("a subnet's id", `${below}/Microsoft.Network/virtualNetworks/…/subnets/…`),
  'target.id': id("a target's id", `${below}/Microsoft.KeyVault/vaults/…`),
  'connection.id': id("a connection's id", `${below}/…/privateEndpointConnections/…`),
  'target.type': (text) =>
    `Postern does not handle targets of this type: write a type such as \`${nearest(text, targetTypes()) ?? 'Microsoft.KeyVault/vaults'}\``,
  'target.service': (text) => {
    const near = nearest(text, services());
    return near === undefined
      ? generic('target.service', '==')
      : `no service has this word: did you mean \`${near}\`?`;
  },
  'target.resourceGroup': () => 'a resource group is only its name, with letters, digits and `-_.()`',
  'endpoint.resourceGroup': () => 'a resource group is only its name, with letters, digits and `-_.()`',
};

function generic(fact: string, test: TextTest | '=='): string {
  return test === '=='
    ? `Azure creates no \`${fact}\` like that: correct it`
    : `no \`${fact}\` looks like that: correct it`;
}

/**
 * Returns whether a word mixes alphabets, so that it looks like another word: `prоd` with a
 * Cyrillic `о`.
 */
export function looksLikeAnother(text: string): boolean {
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  const hasLatin = /[a-z]/i.test(text);
  return words.some((word) => {
    const letters = Array.from(word).filter((sign) => /\p{L}/u.test(sign));
    const alike = letters.filter(isLookAlike);
    if (alike.length === 0) return false;
    return /[a-z]/i.test(word) || (hasLatin && alike.length === letters.length);
  });
}
