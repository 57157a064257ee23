import { foldText } from '../../../connections/fold-text';
import { targetTypes } from '../../../connections/target-type';
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

/** Whose request is looked at: whatever there is, or that of somebody whose subscription the author does not know. */
export type Asker = 'anyone' | 'stranger';

/**
 * What a fact can be, as Azure makes it: ids with their parts, GUIDs, names without blanks at their ends. `undefined` for
 * free text, and for what is no text.
 */
export function factShape(path: string, asker: Asker): Shape | undefined {
  return shapes[asker].get(path);
}

/** The facts that are whole ARM ids. */
export const idFacts: ReadonlySet<string> = new Set([
  'endpoint.id',
  'endpoint.subnetId',
  'endpoint.virtualNetworkId',
  'target.id',
  'connection.id',
]);

/** Facts that a requester chooses as it likes, in whatever subscription. */
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
const ofName: Characters = (character) => /^[a-z0-9_().-]$/.test(character);
/** Names that the requester chose, and those that the owner of the target did. */
const group = (whose: GuidOwner): Shape => many(one(ofGroup, whose === 'own'), 1);
const plainName = (whose: GuidOwner): Shape => many(one(ofName, whose === 'own'), 1);
const visible = one((character) => /^[^\p{C}\p{Z}]$/u.test(character));
const visibleNoSlash = one((character) => noSlash(character) && /^[^\p{C}\p{Z}]$/u.test(character));
const blank = textShape(' ');
/** Words of `part`s, with single blanks between them and none at the ends. */
const words = (part: Shape): Shape => row(many(part, 1), many(row(blank, many(part, 1)), 0));

const shapes: Readonly<Record<Asker, ReadonlyMap<string, Shape>>> = {
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
  const network = below(requester, 'Microsoft.Network/virtualNetworks');
  const target = either(...targetTypes.map((type) => below(owner, type)));
  return new Map<string, Shape>([
    ['endpoint.id', below(requester, 'Microsoft.Network/privateEndpoints')],
    ['endpoint.subscriptionId', guid(requester)],
    ['endpoint.resourceGroup', group(requester)],
    ['endpoint.name', plainName(requester)],
    ['endpoint.location', words(letterOrDigit)],
    ['endpoint.virtualNetworkId', network],
    ['endpoint.subnetId', row(network, textShape('/subnets/'), plainName(requester))],
    ['target.id', target],
    ['target.type', either(...targetTypes.map((type) => textShape(foldText(type))))],
    ['target.subscriptionId', guid(owner)],
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

/** `Microsoft.KeyVault/vaults` with a name behind each of its types. */
function namedTypes(type: string, name: Shape): readonly Shape[] {
  const [namespace = '', ...types] = type.toLowerCase().split('/');
  return types.flatMap((word, index) => [textShape(`${index === 0 ? namespace : ''}/${word}/`), name]);
}

function isFullWidth(character: string): boolean {
  return character >= '\uff00' && character <= '\uffef';
}
