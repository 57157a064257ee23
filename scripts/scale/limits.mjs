// Where each limit ends one deployment: Azure's documented limits over what the benchmark measured.

/** Documented limits, each with its source. Rates are per second unless the name says otherwise. */
export const documented = {
  armReads: {
    value: 25,
    source:
      'https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling',
  },
  armWrites: {
    value: 10,
    source:
      'https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling',
  },
  armHourlyWrites: { value: 1200, source: 'headers of recorded traffic, where ARM still counts by the hour' },
  graphQueriesPerWindow: {
    value: 15,
    source:
      'https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests',
  },
  graphWindowSeconds: { value: 5, source: 'the same' },
  graphPage: { value: 1000, source: 'the same' },
  graphSubscriptions: { value: 1000, source: 'the same' },
  accountRequests: {
    value: 20_000,
    source: 'https://learn.microsoft.com/azure/storage/queues/scalability-targets',
  },
  queueMessages: {
    value: 2_000,
    source: 'https://learn.microsoft.com/azure/storage/queues/scalability-targets',
  },
  instanceCores: {
    value: 0.25,
    source: 'https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan: 512 MB',
  },
  gatewaySeconds: { value: 165, source: 'recorded approval of API Management' },
};

/** What is set in this repository. */
const settings = { sweepSeconds: 15 * 60, functionTimeoutSeconds: 5 * 60, instances: 40 };

const daySeconds = 86_400;

/** Reads what a connection costs from `docs/performance.json`. Throws if a figure is not there any more. */
export function measuredIn(performance) {
  const flow = rowOf(performance.flow, (row) => row[0] === 'the app');
  const graph = rowOf(performance.scale, (row) => row[0] === '100,000' && row[1] === 'Resource Graph');
  return {
    requests: flow['ARM requests'],
    storage: flow['storage operations'],
    cpuSeconds: flow['CPU of all'] / 1000,
    rate: flow['rate'],
    sweepSeconds: graph['seconds'] / 100_000,
    sweepQueries: graph['ARM calls'] / 100_000,
  };
}

function rowOf({ parts }, isWanted) {
  for (const { head, rows } of parts.flatMap(({ tables }) => tables)) {
    const row = rows.find(isWanted);
    if (row !== undefined)
      return Object.fromEntries(head.map((name, at) => [name, Number(row[at].replaceAll(',', ''))]));
  }
  throw new Error('docs/performance.json has no such row any more');
}

/** Returns the rows of the table: the limit, what it bounds, how it is computed, and where it ends one deployment. */
export function limitsFrom(measured) {
  const { value } = valuesOf(documented);
  const reads = measured.requests - 1;
  const perDay = (rate) => Math.floor(rate * daySeconds);
  const slots = settings.instances * value.instanceCores;
  const queriesPerSweep = (value.graphQueriesPerWindow / value.graphWindowSeconds) * settings.sweepSeconds;
  const rows = [
    [
      'ARM reads of one subscription',
      'new connections a day in it',
      `${value.armReads}/s over ${reads} reads a connection`,
      perDay(value.armReads / reads),
    ],
    [
      'ARM reads of one subscription',
      'targets in it with a waiting connection',
      `${value.armReads}/s for ${settings.sweepSeconds} s, one list a target and sweep`,
      value.armReads * settings.sweepSeconds,
    ],
    [
      'ARM writes of one subscription',
      'new connections a day in it',
      `${value.armWrites}/s, one write a connection`,
      perDay(value.armWrites),
    ],
    [
      'the same, counted by the hour',
      'new connections a day in it',
      `${value.armHourlyWrites}/h`,
      value.armHourlyWrites * 24,
    ],
    [
      'Resource Graph',
      'waiting connections',
      `${queriesPerSweep} queries between two sweeps, ${measured.sweepQueries} a connection`,
      Math.floor(queriesPerSweep / measured.sweepQueries),
    ],
    [
      'Resource Graph',
      'subscriptions in one query',
      'documented; beyond, the lists are read',
      value.graphSubscriptions,
    ],
    [
      '`functionTimeout`',
      'waiting connections',
      `${settings.functionTimeoutSeconds} s over the measured time of a sweep`,
      Math.floor(settings.functionTimeoutSeconds / measured.sweepSeconds),
    ],
    [
      'storage account',
      'new connections a day',
      `${value.accountRequests}/s over ${measured.storage} operations a connection`,
      perDay(value.accountRequests / measured.storage),
    ],
    [
      'one storage queue',
      'new connections a day',
      `${value.queueMessages}/s over ${measured.storage} operations, if all of them were messages of one queue`,
      perDay(value.queueMessages / measured.storage),
    ],
    [
      'instances of the plan',
      'new connections a day',
      `${slots} cores (${settings.instances} × ${value.instanceCores}) over ${Math.round(measured.cpuSeconds * 1000)} ms a connection`,
      perDay(slots / measured.cpuSeconds),
    ],
    [
      'one target',
      'writes a day to one API Management service',
      `one at a time, ${value.gatewaySeconds} s each`,
      perDay(1 / value.gatewaySeconds),
    ],
  ];
  return rows.map(([limit, bounds, how, end]) => ({ limit, bounds, how, end }));
}

function valuesOf(from) {
  return { value: Object.fromEntries(Object.entries(from).map(([name, { value }]) => [name, value])) };
}

/** Prints the table and the sources. */
export function tableFrom(rows) {
  const lines = rows.map(
    ({ limit, bounds, how, end }) => `| ${limit} | ${bounds} | ${how} | **${end.toLocaleString('en-US')}** |`,
  );
  return [
    '| limit | what it bounds | computed from | ends one deployment at |',
    '| --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}
