import type { JsonObject } from '../../http/message';
import type { Connection, Target, TargetProfile } from '../../model/world';
import type { TypeEvidence } from './evidence';

type Bodies = Pick<TargetProfile, 'connectionBody' | 'listItem' | 'targetBody'>;

/** Creates the bodies of a type: with the members, the spelling and the odd names that were recorded. */
export function createBodies(evidence: TypeEvidence): Bodies {
  const { identity, list, type } = evidence;
  const { idWithoutName = [], nameCarriesParent = [], idInOtherCase = [] } = identity.observed ?? {};
  const wireType = evidence.wireTypes?.find((each) => each !== null) ?? `${type}/privateEndpointConnections`;
  const whole = (connection: Connection, place: 'get' | 'list' | 'parent'): JsonObject => {
    const { target, name } = connection;
    const isNameless = idWithoutName.includes(place);
    const path = `${target.id}/privateEndpointConnections`;
    const id = isNameless ? path : `${path}/${name}`;
    return {
      id: idInOtherCase.includes(place) ? lowerProvider(id) : id,
      name: isNameless ? target.name : nameCarriesParent.includes(place) ? `${target.name}/${name}` : name,
      type: wireType,
      properties: propertiesOf(evidence, connection),
    };
  };
  const listItem = (connection: Connection): JsonObject => only(whole(connection, 'list'), list.itemKeys);
  const property = list.parentProperty?.path.replace(/^properties\./, '');
  return {
    connectionBody: (connection) => whole(connection, 'get'),
    listItem,
    targetBody: (target) => targetBody(target, type, property, (each) => whole(each, 'parent')),
  };
}

function propertiesOf({ write }: TypeEvidence, connection: Connection): JsonObject {
  const { provisioningState, endpointId, status, description, groupIds } = connection;
  const [group] = groupIds;
  const groups: JsonObject =
    write.swaggerBody?.groupProperty === 'groupIds'
      ? { groupIds: [...groupIds] }
      : write.swaggerBody?.groupProperty === 'groupId'
        ? { groupId: group }
        : {};
  return {
    ...groups,
    provisioningState,
    privateEndpoint: { id: endpointId },
    privateLinkServiceConnectionState: { status, description, actionsRequired: 'None' },
  };
}

function targetBody(
  target: Target,
  type: string,
  property: string | undefined,
  itemOf: (connection: Connection) => JsonObject,
): JsonObject {
  const items = [...target.connections.values()].map(itemOf);
  return {
    id: target.id,
    name: target.name,
    type,
    location: target.location,
    tags: target.tags,
    ...target.extras,
    properties: {
      ...target.properties,
      provisioningState: 'Succeeded',
      ...(property === undefined || items.length === 0 ? {} : { [property]: items }),
    },
  };
}

/** Keeps the members that a list was recorded to have. */
function only(body: JsonObject, keys: readonly string[] | undefined): JsonObject {
  if (keys === undefined) return body;
  return Object.fromEntries(Object.entries(body).filter(([key]) => keys.includes(key)));
}

/** Some providers answer with their own name in lower case. */
function lowerProvider(id: string): string {
  return id.replace(
    /\/providers\/[^/]+\/[^/]+/i,
    (part) => `/providers/${part.slice('/providers/'.length).toLowerCase()}`,
  );
}
