import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { foldText } from '../../../../../src/connections/fold-text';
import { parseConnectionId, parseEndpointId } from '../../../../../src/connections/resource-id';
import { ownStoreTypes } from '../../../../../src/connections/target-type';
import { factShape } from '../../../../../src/policy/analysis/shapes/fact-shapes';
import { shapesOverlap } from '../../../../../src/policy/analysis/shapes/shapes-overlap';
import { textShape } from '../../../../../src/policy/analysis/shapes/text-shape';

const data = join(__dirname, '../../../../data');

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

/** All ids in the recorded traffic. */
const ids = new Set(
  filesBelow(data).flatMap(
    (path) => readFileSync(path, 'utf8').match(/\/subscriptions\/[^"\\ ?&#<>]+/g) ?? [],
  ),
);

function fits(fact: string, text: string): boolean {
  const shape = factShape(fact, 'anyone');
  if (shape === undefined) throw new Error(`${fact} has no shape`);
  return shapesOverlap(textShape(foldText(text)), shape);
}

function parsed<Value>(parse: (text: string) => Value): Value[] {
  return [...ids].flatMap((id) => {
    try {
      return [parse(id)];
    } catch {
      return [];
    }
  });
}

describe('what Azure was recorded to send has the shape of its fact', () => {
  test('endpoints', () => {
    const endpoints = parsed(parseEndpointId);
    expect(endpoints.length).toBeGreaterThan(5);
    for (const { id, subscriptionId, resourceGroup, name } of endpoints) {
      expect({ id, fits: fits('endpoint.id', id) }).toEqual({ id, fits: true });
      expect(fits('endpoint.subscriptionId', subscriptionId)).toBe(true);
      expect(fits('endpoint.resourceGroup', resourceGroup)).toBe(true);
      expect(fits('endpoint.name', name)).toBe(true);
    }
  });

  test('connections and their targets', () => {
    const connections = parsed(parseConnectionId);
    expect(connections.length).toBeGreaterThan(5);
    for (const { id, name, target } of connections) {
      expect({ id, fits: fits('connection.id', id) }).toEqual({ id, fits: true });
      expect(fits('connection.name', name)).toBe(true);
      expect({ id: target.id, fits: fits('target.id', target.id) }).toEqual({ id: target.id, fits: true });
      expect(fits('target.name', target.name)).toBe(true);
      expect(fits('target.type', target.type)).toBe(true);
    }
  });

  test.each(ownStoreTypes)('a target of type %s', (type) => {
    const [namespace, ...types] = type.split('/');
    const path = types.map((word) => `${word}/one`).join('/');
    const id = `/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/RG-Bücher_(1)/providers/${namespace}/${path}`;
    expect(fits('target.id', id)).toBe(true);
    expect(fits('target.type', type)).toBe(true);
    expect(fits('target.id', `${id}/`)).toBe(false);
  });
});

test('a stranger has no subscription that somebody wrote down, and may have any that nobody did', () => {
  const stranger = factShape('endpoint.subscriptionId', 'stranger');
  const own = factShape('target.subscriptionId', 'stranger');
  if (stranger === undefined || own === undefined) throw new Error('a subscription has a shape');
  expect(shapesOverlap(stranger, textShape('11111111-1111-4111-8111-111111111111'))).toBe(false);
  expect(shapesOverlap(stranger, own)).toBe(false);
  expect(shapesOverlap(stranger, stranger)).toBe(true);
  expect(shapesOverlap(own, textShape('11111111-1111-4111-8111-111111111111'))).toBe(true);
});
