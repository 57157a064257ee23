import { foldText } from '../../../connections/fold-text';
import { managedOwnerTypes } from '../../../connections/managed-endpoint-reader';
import { services, targetTypes } from '../../../connections/target-type';
import { requesterProofs } from '../../facts/facts';
import {
  type Characters,
  either,
  type GuidOwner,
  many,
  noSlash,
  one,
  row,
  type Shape,
  textShape,
} from './text-shape';

/**
 * Whose request is considered: anyone's, or that of a stranger, whose subscription the author does
 * not know.
 */
export type RequesterKind = 'anyone' | 'stranger';

/**
 * Returns the shape of a fact as Azure creates it: ids with their parts, GUIDs, names without
 * spaces at their ends. Undefined for free text, and for facts that are not texts.
 */
export function factShape(path: string, requester: RequesterKind): Shape | undefined {
  return shapes[requester].get(path);
}

/** The facts that are whole ARM ids. */
export const idFacts: ReadonlySet<string> = new Set([
  'endpoint.id',
  'endpoint.subnetId',
  'endpoint.virtualNetworkId',
  'endpoint.peeredNetworks',
  'target.id',
  'connection.id',
]);

/** The facts that a requester chooses freely, in any subscription. */
export const chosenFacts: ReadonlySet<string> = new Set([
  'endpoint.resourceGroup',
  'endpoint.name',
  'endpoint.location',
  'endpoint.tags',
  'connection.name',
  'connection.id',
  'connection.message',
  'connection.groupIds',
]);

const letter = one((character) => /^[a-z]$/.test(character));
const letterOrDigit = one((character) => /^[a-z0-9]$/.test(character));
const ofGroup: Characters = (character) => /^[\p{L}\p{N}_().-]$/u.test(character) && !isFullWidth(character);
const ofGroupId: Characters = (character) => /^[a-z0-9_().~-]$/.test(character);
const ofName: Characters = (character) => /^[a-z0-9_().-]$/.test(character);
/** @param whose who chose the name: the requester or the owner of the target */
const group = (whose: GuidOwner): Shape => many(one(ofGroup, whose === 'own'), 1);
const plainName = (whose: GuidOwner): Shape => many(one(ofName, whose === 'own'), 1);
const visible = one((character) => /^[^\p{C}\p{Z}]$/u.test(character));
const visibleNoSlash = one((character) => noSlash(character) && /^[^\p{C}\p{Z}]$/u.test(character));
const space = textShape(' ');
/** One or more words of `part`s, separated by single spaces. */
const words = (part: Shape): Shape => row(many(part, 1), many(row(space, many(part, 1)), 0));

/** The types of resources of ours that can ask. */
const requesterTypes = ['Microsoft.Network/privateEndpoints', ...managedOwnerTypes];

const shapes: Readonly<Record<RequesterKind, ReadonlyMap<string, Shape>>> = {
  anyone: shapesFor('anyone', 'anyone'),
  stranger: shapesFor('stranger', 'own'),
};

function shapesFor(requester: GuidOwner, owner: GuidOwner): ReadonlyMap<string, Shape> {
  const guid = (whose: GuidOwner): Shape => ({ kind: 'guid', whose });
  const below = (whose: GuidOwner, type: string): Shape =>
    row(
      textShape('/subscriptions/'),
      guid(whose),
      textShape('/resourcegroups/'),
      group(whose),
      textShape('/providers/'),
      ...namedTypes(type, plainName(whose)),
    );
  const isStranger = requester === 'stranger';
  // What is not ours has no such fact: no text matches it.
  const ours = (shape: Shape): Shape => (isStranger ? either() : shape);
  const network = below(requester, 'Microsoft.Network/virtualNetworks');
  const target = either(...targetTypes().map((type) => below(owner, type)));
  return new Map<string, Shape>([
    ['endpoint.id', below(requester, 'Microsoft.Network/privateEndpoints')],
    ['endpoint.subscriptionId', guid(requester)],
    ['endpoint.resourceGroup', group(requester)],
    ['endpoint.name', plainName(requester)],
    ['endpoint.tenantId', guid(requester)],
    [
      'endpoint.tenant',
      either(...(isStranger ? [] : [textShape('own')]), ...['microsoft', 'other'].map(textShape)),
    ],
    ['requester.id', ours(either(...requesterTypes.map((type) => below(requester, type))))],
    ['requester.type', ours(either(...requesterTypes.map((type) => textShape(foldText(type)))))],
    ['requester.name', ours(plainName(requester))],
    ['requester.subscriptionId', ours(guid(requester))],
    ['requester.managementGroups', ours(many(one(ofGroupId), 1))],
    ['requester.subscriptionName', ours(words(visible))],
    ['requester.how', ours(either(...requesterProofs.map(textShape)))],
    // Nobody has announced a stranger.
    ...(isStranger ? [['expected.by', either()] as const] : []),
    ['endpoint.location', words(letterOrDigit)],
    ['endpoint.virtualNetworkId', network],
    ['endpoint.resourceGuid', guid(requester)],
    ['endpoint.subnetId', row(network, textShape('/subnets/'), plainName(requester))],
    ['target.id', target],
    ['target.type', either(...targetTypes().map((type) => textShape(foldText(type))))],
    ['target.service', either(...services().map((word) => textShape(word)))],
    ['target.evidence', either(...['recorded', 'described', 'listed'].map((word) => textShape(word)))],
    ['target.subscriptionId', guid(owner)],
    ['target.tenantId', guid(owner)],
    ['target.resourceGroup', group(owner)],
    ['target.name', plainName(owner)],
    ['target.location', words(letterOrDigit)],
    ['target.kind', words(visible)],
    ['connection.id', row(target, textShape('/privateendpointconnections/'), words(visibleNoSlash))],
    ['connection.name', words(visibleNoSlash)],
    ['connection.status', many(letter, 1)],
    ['connection.provisioningState', many(letter, 1)],
    ['connection.groupIds', words(visible)],
  ]);
}

/**
 * Returns the shapes of a type such as `Microsoft.KeyVault/vaults` with a name after each of its
 * parts.
 */
function namedTypes(type: string, name: Shape): readonly Shape[] {
  const [namespace = '', ...types] = type.toLowerCase().split('/');
  return types.flatMap((word, index) => [textShape(`${index === 0 ? namespace : ''}/${word}/`), name]);
}

function isFullWidth(character: string): boolean {
  return character >= '\uff00' && character <= '\uffef';
}
