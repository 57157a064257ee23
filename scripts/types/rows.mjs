// Reads the rows of the target types out of the evidence: what the use cases know, what the adapter knows, and the rights.

const evidences = { recorded: 'recorded', 'table only': 'listed' };

/**
 * Builds the three generated tables. `read`: data/private-link-types.json, `added`: data/target-types.json,
 * `listed`: data/provider-operations.json, each parsed.
 */
export function tablesFrom({ read, added, listed }) {
  const services = new Map(
    Object.entries(added.services).flatMap(([service, types]) => types.map((type) => [type, service])),
  );
  const rows = read.types.map((evidence) => {
    const service = services.get(evidence.type);
    if (service === undefined)
      throw new Error(`data/target-types.json names no service for ${evidence.type}`);
    return { evidence, service, own: added.types[evidence.type] ?? {} };
  });
  for (const type of [...services.keys(), ...Object.keys(added.types)]) {
    if (!read.types.some((row) => row.type === type)) throw new Error(`no row has the type ${type}`);
  }
  return {
    profiles: rows.map(profileOf),
    wire: Object.fromEntries(rows.map((row) => [row.evidence.type, wireOf(row)])),
    actions: Object.fromEntries(
      rows.map(({ evidence: { type } }) => [type, actionsOf(type, listed.types[type])]),
    ),
  };
}

/** What the use cases and the policy must know. Fields with their usual value are left out. */
function profileOf({ evidence, service, own }) {
  const { write, transitions, family, states } = evidence;
  const [, slowest] = states.secondsUntilSeenDone ?? [undefined, undefined];
  const { apiVersion: _version, identity: _identity, ...given } = own;
  return withoutUndefined({
    type: evidence.type,
    label: evidence.label,
    service,
    evidence: evidences[evidence.evidenceLevel] ?? 'described',
    writes: write.method === null ? 'none' : undefined,
    revocation: revocationOf(evidence),
    canReviveRejected: evidence.rejectReversible.startsWith('yes') ? true : undefined,
    showsNewStatusAtOnce: /^(instant|new-status-at-once)$/.test(family) ? true : undefined,
    deadlineSeconds:
      slowest > 120 || (slowest === undefined && transitions['Pending>Approved'] === undefined)
        ? 3600
        : undefined,
    inResourceGraph: evidence.resourceGraph.connectionsInParent === 'likely' ? true : undefined,
    ...given,
  });
}

/** How an approval is taken away: a recorded type says; for any other only a person's rule may delete. */
function revocationOf({ revokeApproved }) {
  if (revokeApproved.startsWith('yes')) return 'reject';
  return /only DELETE|use DELETE/.test(revokeApproved) ? 'delete' : undefined;
}

/** What the adapter must know, and the evidence of each part. */
function wireOf({ evidence, own }) {
  const { write, list, states, identity, transitions, groupIds, notes } = evidence;
  const version = versionOf(evidence, own);
  return withoutUndefined({
    apiVersion: version.value,
    fallbackApiVersions: fallbackVersionsOf(evidence, version.value),
    targetApiVersion: targetVersionOf(evidence, version.value),
    list: list.how === 'parentProperty' ? 'parent' : undefined,
    parentProperty: list.parentProperty?.path.replace(/^properties\./, ''),
    method: write.method === 'PATCH' ? 'PATCH' : undefined,
    identity: own.identity,
    states: withoutUndefined({
      terminal: (states.terminal ?? []).map(lower).filter(unique),
      byStatus: states.terminalByStatus && lowerKeys(states.terminalByStatus),
      working: states.working?.map(lower),
    }),
    groupIds: Object.keys(groupIds).filter((id) => !id.startsWith('(')),
    transitions: Object.fromEntries(
      Object.entries(transitions).map(([change, { result }]) => [change, resultOf(result)]),
    ),
    evidence: withoutUndefined({
      apiVersion: version.evidence,
      list: list.evidence.join(', '),
      write: write.replies === undefined ? (write.note ?? 'SWG') : `REC x${sum(write.replies)}`,
      delete: evidence.delete.replies === undefined ? 'SWG' : `REC x${sum(evidence.delete.replies)}`,
      states: states.terminalEvidence,
      identity: identity.evidence,
      inResourceGraph: evidence.resourceGraph.evidence.join('; '),
    }),
    notes: notesOf(evidence, notes),
  });
}

/** The version that is known to work best: recorded by us, else what the SDK uses, else the newest there is. */
function versionOf({ apiVersion }, own) {
  if (own.apiVersion !== undefined) return { value: own.apiVersion, evidence: 'REC' };
  const { conservative, value, preview, recorded = [] } = apiVersion;
  const chosen = conservative ?? value ?? recorded.at(-1) ?? preview;
  return { value: chosen, evidence: recorded.includes(chosen) ? 'REC' : apiVersion.evidence };
}

/** The versions to try where a cloud or region does not know the first one: those with evidence, the newest first. */
function fallbackVersionsOf({ apiVersion }, chosen) {
  const { value, recorded = [] } = apiVersion;
  const stable = [...recorded]
    .sort()
    .reverse()
    .filter((version) => version.length === 10);
  const others = [...stable, ...(value === null || value === undefined ? [] : [value])]
    .filter((version) => version !== chosen)
    .filter(unique)
    .slice(0, 3);
  return others.length === 0 ? undefined : others;
}

/** The version to read the target itself with, where it is another one than that of its connections. */
function targetVersionOf({ apiVersion }, chosen) {
  const { parent, value } = apiVersion;
  return parent === undefined || parent === null || parent === value || parent === chosen
    ? undefined
    : parent;
}

function resultOf(result) {
  if (typeof result === 'string') return result;
  return Object.entries(result)
    .map(([what, count]) => `${what} x${count}`)
    .join(', ');
}

function notesOf({ status, nested, danger }, notes = []) {
  const all = [...(status === 'current' ? [] : [status]), danger, nested, ...notes].filter(
    (note) => note !== undefined,
  );
  return all.length === 0 ? undefined : all;
}

/** The rights that Azure lists: only these may stand in a role. */
function actionsOf(type, listed) {
  const find = (path) => listed.operations.find((action) => lower(action) === lower(`${type}${path}`));
  const below = (verb) => find(`/privateEndpointConnections/${verb}`);
  return withoutUndefined({
    target: find('/read'),
    read: below('read'),
    write: below('write'),
    delete: below('delete'),
    approval: find('/privateEndpointConnectionsApproval/action'),
    elsewhere: elsewhereOf(type, listed.operations),
    operations: listed.operationReads.length === 0 ? undefined : listed.operationReads,
    note: listed.note,
  });
}

/**
 * The rights on connections that Azure lists below another name than the type's own, and, where only the read is
 * missing, the wildcard that a built-in role has for it.
 */
function elsewhereOf(type, operations) {
  const own = lower(`${type}/privateEndpointConnections/`);
  const word = lower(type).split('/').at(-1);
  const ofTarget = lower(`${type}/read`);
  const others = operations.filter(
    (action) =>
      (/\/privateEndpointConnections\/(read|write|delete)$/i.test(action) &&
        !lower(action).startsWith(own)) ||
      (lower(action).endsWith(`/${word}/read`) && lower(action) !== ofTarget),
  );
  if (others.length > 0) return others;
  const lacksRead =
    operations.some((action) => lower(action) === `${own}write`) &&
    !operations.some((action) => lower(action) === `${own}read`);
  return lacksRead ? [`${type}/*/read`] : undefined;
}

const sum = (replies) => replies.reduce((count, reply) => count + reply.count, 0);
const lower = (text) => text.toLowerCase();
const unique = (value, index, all) => all.indexOf(value) === index;
const lowerKeys = (record) =>
  Object.fromEntries(Object.entries(record).map(([key, values]) => [lower(key), values.map(lower)]));
const withoutUndefined = (record) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
