import { ownStoreTypes } from '../src/connections/target-type';

/** The text of `infra/queries/NAME.kql`. */
export type ReadQuery = (name: string) => string;

/** Bicep puts the deployment's ids, and the address of its console, in their places. */
export const tokens = {
  workspace: 'WORKSPACE_ID',
  component: 'APPLICATION_INSIGHTS_ID',
  console: 'CONSOLE_URL',
} as const;

const workspaceType = 'microsoft.operationalinsights/workspaces';
const hour = 60 * 60 * 1000;
const day = 24 * hour;

interface Shown {
  readonly query: string;
  readonly title: string;
  /** Not of one target: the filters do not apply. */
  readonly unfiltered?: boolean;
  /** Always looks at the last two days, whatever the time range: what is open now. */
  readonly now?: boolean;
  /** Its connections lead to their page in the console, if there is one. */
  readonly leadsToConsole?: boolean;
  readonly chart?: Readonly<Record<string, unknown>>;
  /** Of the page's width. */
  readonly percent?: number;
}

const sections: readonly { readonly heading: string; readonly shown: readonly Shown[] }[] = [
  {
    heading: 'Decisions',
    shown: [
      {
        query: 'decisions',
        title: 'Decisions over time, by effect and rule',
        chart: { xAxis: 'TimeGenerated', yAxis: ['decisions'], group: 'answer', showLegend: true },
      },
      { query: 'rejections-and-deletions', title: 'Rejections and deletions' },
    ],
  },
  {
    heading: 'What waits',
    shown: [
      {
        query: 'oldest-pending',
        title: 'Pending for more than an hour, the oldest first',
        now: true,
        leadsToConsole: true,
      },
      { query: 'held-connections', title: 'Held for a person', now: true, leadsToConsole: true },
      {
        query: 'limit-holds',
        title: 'Held by a limit',
        now: true,
        unfiltered: true,
        leadsToConsole: true,
      },
      { query: 'abandoned', title: 'Given up', now: true, leadsToConsole: true },
    ],
  },
  {
    heading: 'Operations',
    shown: [
      { query: 'operations-in-flight', title: 'Under way', now: true },
      { query: 'operation-durations', title: 'Durations by target type' },
      {
        query: 'time-to-applied',
        title: 'From first seen to applied, 95 of 100 within',
        chart: { xAxis: 'TimeGenerated', yAxis: ['p95Seconds'], group: 'targetType', showLegend: true },
      },
      { query: 'failures', title: 'Failures' },
    ],
  },
  {
    heading: 'Who and where',
    shown: [
      { query: 'by-target', title: 'Per target', percent: 50 },
      { query: 'by-requester', title: 'Per requester (the subscription of the endpoint)', percent: 50 },
    ],
  },
  {
    heading: 'Postern itself',
    shown: [
      { query: 'sweeps', title: 'Sweeps', unfiltered: true, percent: 50 },
      {
        query: 'hidden-types',
        title: 'Types whose connections Resource Graph hides',
        unfiltered: true,
        percent: 50,
      },
      { query: 'found-late', title: 'Found late by the sweep', percent: 50 },
      { query: 'limits', title: 'Limits reached and lifted', unfiltered: true, percent: 50 },
      { query: 'policy-troubles', title: 'Policy suspended or refused', unfiltered: true, percent: 50 },
      { query: 'lists', title: 'Lists that are read from Azure', unfiltered: true, percent: 50 },
      { query: 'function-failures', title: 'Failed invocations', unfiltered: true, percent: 50 },
    ],
  },
];

/**
 * Composes the Azure workbook (`Notebook/1.0`) over the queries, each as its file has it but for the values of
 * its `let` lines, and a link for each connection.
 */
export function composeWorkbook(read: ReadQuery): unknown {
  return {
    version: 'Notebook/1.0',
    items: [
      text(
        '# Postern\nEvery query stands in `infra/queries`; what the fields mean, in `docs/audit.md`.',
        'title',
      ),
      filters(read),
      ...sections.flatMap(({ heading, shown }) => [
        text(`## ${heading}`, heading),
        ...shown.map((one) => query(one, read)),
      ]),
      text(
        '## One connection\nPut the ARM id of a connection into the filter *Connection*.',
        'One connection',
      ),
      history(read),
    ],
    fallbackResourceIds: [tokens.workspace],
    $schema: 'https://github.com/Microsoft/Application-Insights-Workbooks/blob/master/schema/workbook.json',
  };
}

function text(json: string, name: string): unknown {
  return { type: 1, content: { json }, name };
}

function query(shown: Shown, read: ReadQuery): unknown {
  const { query: name, title, unfiltered, now, leadsToConsole, chart, percent } = shown;
  const bound = bind(read(name), unfiltered === true ? {} : filterOf);
  return {
    type: 3,
    content: {
      version: 'KqlItem/1.0',
      query: leadsToConsole === true ? withLink(bound) : bound,
      size: chart === undefined ? 1 : 0,
      title,
      noDataMessage: 'None.',
      ...(now === true ? { timeContext: { durationMs: 2 * day } } : fromTimeRange),
      ...onWorkspace,
      ...(chart !== undefined
        ? { visualization: 'timechart', chartSettings: chart }
        : leadsToConsole === true
          ? tableWithLink
          : table),
    },
    ...(percent === undefined ? {} : { customWidth: String(percent) }),
    name,
  };
}

function history(read: ReadQuery): unknown {
  const name = 'connection-history';
  return {
    type: 3,
    content: {
      version: 'KqlItem/1.0',
      query: bind(read(name), {}).replace("let connectionId = '';", "let connectionId = '{Connection}';"),
      size: 1,
      title: 'What it went through',
      ...fromTimeRange,
      ...onWorkspace,
      ...table,
    },
    conditionalVisibility: { parameterName: 'Connection', comparison: 'isNotEqualTo', value: '' },
    name,
  };
}

const fromTimeRange = { timeContext: { durationMs: 7 * day }, timeContextFromParameter: 'TimeRange' };
const onWorkspace = {
  queryType: 0,
  resourceType: workspaceType,
  crossComponentResources: [tokens.workspace],
};
const table = { visualization: 'table', gridSettings: { rowLimit: 1000, filter: true } };

/** The connection is the link; the column with its address is hidden. */
const tableWithLink = {
  ...table,
  gridSettings: {
    ...table.gridSettings,
    formatters: [
      {
        columnMatch: 'connection',
        formatter: 1,
        formatOptions: { linkColumn: 'console', linkTarget: 'Url' },
      },
      { columnMatch: 'console', formatter: 5 },
    ],
  },
};

/** Adds the address of each row's connection in the console; empty where there is no console. */
function withLink(kql: string): string {
  const address = `strcat('${tokens.console}', '#/connection?id=', url_encode_component(connection))`;
  const hasNone = `isempty('${tokens.console}') or isempty(connection)`;
  return `${kql.trimEnd()}\n| extend console = iff(${hasNone}, '', ${address})\n`;
}

const filterOf = { targetTypes: 'TargetTypes', targets: 'Targets', subscriptions: 'Subscriptions' } as const;

/** Puts the workbook's parameters and this deployment in the place of `*`, which means all. */
function bind(kql: string, parameters: Readonly<Record<string, string>>): string {
  const component = kql.replace(all('components'), `let components = dynamic(['${tokens.component}']);`);
  return Object.entries(parameters).reduce(
    (bound, [name, parameter]) => bound.replace(all(name), `let ${name} = dynamic([{${parameter}}]);`),
    component,
  );
}

function all(name: string): string {
  return `let ${name} = dynamic(['*']);`;
}

function filters(read: ReadQuery): unknown {
  return {
    type: 9,
    content: {
      version: 'KqlParameterItem/1.0',
      crossComponentResources: [tokens.workspace],
      parameters: [
        {
          ...parameter('TimeRange', 'Time range', 4),
          isRequired: true,
          value: { durationMs: 7 * day },
          typeSettings: {
            selectableValues: [hour, 4 * hour, day, 2 * day, 7 * day, 14 * day, 30 * day, 90 * day].map(
              (durationMs) => ({ durationMs }),
            ),
            allowCustom: true,
          },
        },
        {
          ...choice('TargetTypes', 'Target type'),
          jsonData: JSON.stringify(ownStoreTypes.map((value) => ({ value, label: value }))),
        },
        {
          ...choice('Subscriptions', 'Subscription of the target'),
          ...choices(bind(read('filter-subscriptions'), {})),
        },
        { ...choice('Targets', 'Target'), ...choices(bind(read('filter-targets'), {})) },
        { ...parameter('Connection', 'Connection (ARM id)', 1), value: '' },
      ],
      style: 'pills',
      queryType: 0,
      resourceType: workspaceType,
    },
    name: 'filters',
  };
}

const parameterIds: Readonly<Record<string, string>> = {
  TimeRange: '5d0c7c3e-3b0a-4a51-9f5b-6f0f1f3b8a01',
  TargetTypes: '5d0c7c3e-3b0a-4a51-9f5b-6f0f1f3b8a02',
  Subscriptions: '5d0c7c3e-3b0a-4a51-9f5b-6f0f1f3b8a03',
  Targets: '5d0c7c3e-3b0a-4a51-9f5b-6f0f1f3b8a04',
  Connection: '5d0c7c3e-3b0a-4a51-9f5b-6f0f1f3b8a05',
};

function parameter(name: string, label: string, type: number) {
  return { id: parameterIds[name], version: 'KqlParameterItem/1.0', name, label, type };
}

/** Several may be chosen; all of them is `*`. */
function choice(name: string, label: string) {
  return {
    ...parameter(name, label, 2),
    isRequired: true,
    multiSelect: true,
    quote: "'",
    delimiter: ',',
    typeSettings: {
      additionalResourceOptions: ['value::all'],
      selectAllValue: '*',
      showDefault: false,
    },
    defaultValue: 'value::all',
    value: ['value::all'],
  };
}

function choices(kql: string) {
  return { query: kql, ...fromTimeRange, ...onWorkspace };
}
