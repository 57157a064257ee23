import { wireTypeOf } from '../../azure/arm/connections/table/wire-type';
import { actionsOnTarget, regionalActionsOf, unlistedActionsOf } from '../../azure/roles/actions';
import { profileOf, type TargetType, targetTypes } from '../../connections/target-type';
import type { TypeInfo } from '../types/type-info';

/** Reads the whole table of target types. */
export async function readTypeInfos(): Promise<readonly TypeInfo[]> {
  return Promise.all(targetTypes().map(infoOf));
}

async function infoOf(type: TargetType): Promise<TypeInfo> {
  const { label, service, evidence, opensMany, isWritable, revocation, canReviveRejected, inResourceGraph } =
    profileOf(type);
  const wire = await wireTypeOf(type);
  return {
    type,
    label,
    service,
    evidence,
    isDefault: evidence === 'recorded',
    opensMany,
    apiVersion: wire.apiVersion,
    targetApiVersion: wire.targetApiVersion ?? wire.apiVersion,
    list: wire.list === 'parent' ? 'property of the target' : 'collection',
    write: isWritable ? (wire.method ?? 'PUT') : 'none',
    revocation,
    canReviveRejected,
    endStates: wire.states.terminal,
    groupIds: wire.groupIds,
    transitions: wire.transitions,
    inResourceGraph,
    actions: [...actionsOnTarget(type), ...regionalActionsOf(type)],
    unlistedActions: unlistedActionsOf(type),
    sources: wire.evidence,
    notes: wire.notes ?? [],
  };
}
