import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { routeOf } from '../../../console/base/route';
import { composeWorkbook, tokens } from '../../../scripts/compose-workbook';
import { auditKinds } from '../../../src/audit/audit-record';
import { createTelemetry } from '../../../src/azure/telemetry/telemetry';
import { ownStoreTypes } from '../../../src/connections/target-type';
import { limitedKinds } from '../../../src/policy/policy';
import { startIngestionServer, type Envelope } from '../../support/http/ingestion-server';
import { createAnalyser, type AnalysedQuery } from '../../support/kql/analyse-query';
import { workspaceSchema } from '../../support/kql/workspace-schema';
import { recordsOfEveryKind } from '../../support/samples/records-of-every-kind';
import { systemClock } from '../../../src/base/clock';

const analyse = createAnalyser(workspaceSchema);
const infra = join(__dirname, '../../../infra');
const read = (path: string): string => readFileSync(join(infra, path), 'utf8');
const queryNames = readdirSync(join(infra, 'queries')).map((file) => file.replace(/\.kql$/, ''));
const queries = new Map(queryNames.map((name) => [name, read(`queries/${name}.kql`)]));
const analysed = new Map([...queries].map(([name, text]) => [name, analyse(text)]));
const ofAudit = queryNames.filter(
  (name) => !['function-failures', 'hidden-types', 'undelivered'].includes(name),
);

let envelopes: readonly Envelope[] = [];

/** Sends records of every kind through the real exporter. */
beforeAll(async () => {
  const saved = process.env['APPLICATION_INSIGHTS_NO_STATSBEAT'];
  process.env['APPLICATION_INSIGHTS_NO_STATSBEAT'] = 'true';
  const server = await startIngestionServer();
  try {
    const { connectionString, certificate } = server;
    const logger = { info: () => undefined, warn: fail, error: fail };
    const telemetry = createTelemetry({
      connectionString,
      certificateAuthorities: certificate,
      logger,
      clock: systemClock,
    });
    telemetry.emit(await recordsOfEveryKind());
    await telemetry.flush();
    envelopes = [...server.envelopes];
  } finally {
    await server.close();
    if (saved === undefined) delete process.env['APPLICATION_INSIGHTS_NO_STATSBEAT'];
    else process.env['APPLICATION_INSIGHTS_NO_STATSBEAT'] = saved;
  }
});

function fail(message: string): never {
  throw new Error(message);
}

function propertiesSent(): Set<string> {
  return new Set(envelopes.flatMap(({ data }) => Object.keys(data.baseData.properties)));
}

function valuesSent(property: string): Set<string> {
  return new Set(envelopes.flatMap(({ data }) => data.baseData.properties[property] ?? []));
}

function analysisOf(name: string): AnalysedQuery {
  return analysed.get(name) ?? fail(`no query ${name}`);
}

test('the exporter was given records of every kind, and each is a custom event of its name', () => {
  expect(valuesSent('kind')).toEqual(new Set(auditKinds));
  for (const { data, tags } of envelopes) {
    expect(data.baseData.name).toBe(`postern.${data.baseData.properties['kind']}`);
    expect(tags['ai.cloud.role']).toBe('postern');
  }
});

describe.each(queryNames)('the query %s', (name) => {
  const text = queries.get(name) ?? '';

  test('begins with a sentence that says what it answers', () => {
    expect(text.split('\n')[0]).toMatch(/^\/\/ [A-Z].+\.$/);
  });

  test('has no mistake that the Kusto language service can find, against the tables of a workspace', () => {
    expect(analysisOf(name).problems).toEqual([]);
  });

  test('reads only properties that the exporter sends', () => {
    const sent = propertiesSent();
    expect([...analysisOf(name).properties].filter((property) => !sent.has(property))).toEqual([]);
  });

  test('compares kinds, effects, modes and statuses only with values that exist', () => {
    const { comparedWith } = analysisOf(name);
    const allowed: Readonly<Record<string, readonly string[]>> = {
      record: auditKinds,
      outcome: auditKinds,
      effect: ['approve', 'reject', 'delete', 'hold'],
      'Properties.effect': ['approve', 'reject', 'delete', 'hold'],
      mode: ['enforce', 'audit'],
      'Properties.mode': ['enforce', 'audit'],
      'Properties.status': ['Pending', 'Approved'],
      AppRoleName: ['postern'],
    };
    for (const [column, values] of comparedWith) {
      if (column === 'Name' || column === "'*'" || allowed[column] === undefined) continue;
      expect([column, [...values].filter((value) => !allowed[column]?.includes(value))]).toEqual([
        column,
        [],
      ]);
    }
  });

  test('uses nothing that alert rules do not support', () => {
    expect(text).not.toMatch(/bag_unpack|pivot|narrow|AggregatedValue|\bago\(/);
  });
});

test.each(ofAudit)('the query %s takes the same records and filters as all others', (name) => {
  const shared = (queries.get('decisions') ?? '').split('\n').slice(1, 12).join('\n');
  expect(shared).toMatch(/^let components[\s\S]*;$/);
  expect(queries.get(name)).toContain(shared);
});

test('docs/operate.md links every query that answers a question', () => {
  const doc = readFileSync(join(infra, '../docs/operate.md'), 'utf8');
  const questions = queryNames.filter((name) => !name.startsWith('filter-'));
  expect(questions.filter((name) => !doc.includes(`(../infra/queries/${name}.kql)`))).toEqual([]);
});

test('failed invocations are asked of functions that exist', () => {
  const folder = join(infra, '../functions');
  const code = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  const functions = code.flatMap((one) => [...one.matchAll(/app\.\w+\('(\w+)'/g)].map((match) => match[1]));
  expect([...(analysisOf('function-failures').comparedWith.get('Name') ?? [])].toSorted()).toEqual(
    [...new Set(functions)].toSorted(),
  );
});

describe('texts that queries take apart', () => {
  const reasonsOf = (kind: string): string[] =>
    envelopes
      .filter(({ data }) => data.baseData.properties['kind'] === kind)
      .map(({ data }) => data.baseData.properties['reason'] ?? '');

  test('who lifted which limit stands in the reason of `lifted`', () => {
    for (const name of ['limits', 'limit-holds']) {
      expect(queries.get(name)).toContain("@'lifted the limit of (\\w+)'");
    }
    expect(queries.get('limits')).toContain("@'^(.*) lifted the limit of'");
    for (const reason of reasonsOf('lifted')) {
      expect(limitedKinds).toContain(/lifted the limit of (\w+)/.exec(reason)?.[1]);
      expect(/^(.*) lifted the limit of/.exec(reason)?.[1]).toBe('alice');
    }
    for (const limit of limitedKinds) expect(queries.get('limit-holds')).toContain(`'${limit}'`);
  });

  test('the counts of `swept` are taken out by the words that are written', () => {
    const pattern = /parse reason with (.*)/.exec(queries.get('sweeps') ?? '')?.[1] ?? '';
    const words = [...pattern.matchAll(/'\s*(\w+)='/g)].map((match) => match[1]);
    const [reason] = reasonsOf('swept');
    expect([...(reason ?? '').matchAll(/(\w+)=/g)].map((match) => match[1])).toEqual(words);
  });

  test('an operation is what stands before the bar in the id of its records', () => {
    for (const { data } of envelopes) {
      const { id, decisionId, operationAttempt } = data.baseData.properties;
      if (operationAttempt !== undefined) expect(id?.split('|')[0]).toBe(`${decisionId}.${operationAttempt}`);
    }
  });
});

describe('the workbook', () => {
  const text = read('workbook/postern.workbook.json');
  const workbook = JSON.parse(text) as { version: string; items: { type: number; content: Item }[] };
  interface Item {
    readonly query?: string;
    readonly parameters?: readonly { readonly name: string; readonly query?: string }[];
  }
  const shown = workbook.items.flatMap(({ content }) => content.query ?? []);
  const parameters = workbook.items.flatMap(({ content }) => content.parameters ?? []);
  const asked = [...shown, ...parameters.flatMap(({ query }) => query ?? [])];

  /** As Azure has it after the workbook's parameters are in. */
  const bound = (query: string): string =>
    query
      .replaceAll(/\{(TargetTypes|Targets|Subscriptions)\}/g, "'one', 'two'")
      .replace('{Connection}', '/subscriptions/one');

  test('is what the script composes from the query files: run `node scripts/workbook.mjs`', () => {
    expect(workbook).toEqual(composeWorkbook((name) => queries.get(name) ?? fail(`no query ${name}`)));
    expect(workbook.version).toBe('Notebook/1.0');
  });

  test('asks every query that is not only for an alert, each but for its `let` lines as its file has it', () => {
    const bodyOf = (query: string): string =>
      query
        .split('\n')
        .filter((line) => !/^let \w+ = (dynamic\(\[.*\]\)|'.*'|\d+);$/.test(line))
        .filter((line) => !line.startsWith('| extend console = '))
        .join('\n');
    const bodies = new Set(asked.map(bodyOf));
    const missing = [...queries].filter(([, query]) => !bodies.has(bodyOf(query))).map(([name]) => name);
    expect(missing).toEqual(['policy-broken', 'sweep-missing', 'undelivered']);
    expect(bodies.size).toBe(queries.size - missing.length);
  });

  test.each(asked.map((query) => [query.slice(3, query.indexOf('\n')), query]))(
    'asks without mistakes: %s',
    (_, query) => {
      expect(query).toContain(`let components = dynamic(['${tokens.component}']);`);
      expect(analyse(bound(query)).problems).toEqual([]);
    },
  );

  test('leads from each connection that waits to its page in the console, where there is one', () => {
    const linked = (workbook.items as unknown as { name: string; content: Item & Grid }[]).filter(
      ({ content }) => content.query?.includes('| extend console = '),
    );
    expect(linked.map(({ name }) => name)).toEqual([
      'oldest-pending',
      'held-connections',
      'limit-holds',
      'abandoned',
    ]);
    for (const { content } of linked) {
      const { columns } = analyse(bound(content.query ?? ''));
      expect(columns).toMatchObject({ connection: 'string', console: 'string' });
      // An empty address is no link.
      expect(content.query).toContain(`iff(isempty('${tokens.console}') or isempty(connection), '', strcat(`);
      expect(content.gridSettings?.formatters).toEqual([
        {
          columnMatch: 'connection',
          formatter: 1,
          formatOptions: { linkColumn: 'console', linkTarget: 'Url' },
        },
        { columnMatch: 'console', formatter: 5 },
      ]);
      // The address is the one of the page: a fragment, which only shows.
      const hash = /strcat\('CONSOLE_URL', '([^']+)', url_encode_component/.exec(content.query ?? '')?.[1];
      const id = '/subscriptions/a/privateEndpointConnections/pe';
      expect(routeOf(`${hash}${encodeURIComponent(id)}`)).toEqual({ kind: 'connection', id });
    }
    expect(read('main.bicep')).toContain(
      "consoleUrl: empty(consoleClientId) ? '' : 'https://${functionApp.outputs.hostName}/console/'",
    );
  });

  interface Grid {
    readonly gridSettings?: { readonly formatters?: readonly unknown[] };
  }

  test('uses only parameters that it has', () => {
    const names = parameters.map(({ name }) => name);
    const used = asked.flatMap((query) => [...query.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''));
    expect(new Set(used)).toEqual(new Set(names.filter((name) => name !== 'TimeRange')));
    expect(text).toContain('"timeContextFromParameter": "TimeRange"');
  });

  test('offers every target type', () => {
    for (const type of ownStoreTypes) expect(text).toContain(type);
  });

  test('draws charts of columns that their queries have', () => {
    for (const { content } of workbook.items as { content: Item & Chart }[]) {
      if (content.chartSettings === undefined) continue;
      const { columns } = analyse(bound(content.query ?? ''));
      const { xAxis, yAxis, group } = content.chartSettings;
      expect(Object.keys(columns)).toEqual(expect.arrayContaining([xAxis, ...yAxis, group]));
    }
  });

  interface Chart {
    readonly chartSettings?: { readonly xAxis: string; readonly yAxis: string[]; readonly group: string };
  }

  test('is small enough for loadTextContent, and its module fills every token', () => {
    expect(text.length).toBeLessThan(131_072);
    const module = read('modules/workbook.bicep');
    for (const token of Object.values(tokens)) {
      expect(text).toContain(token);
      expect(module).toContain(`'${token}'`);
    }
  });
});

describe('the alerts', () => {
  const bicep = read('modules/alerts.bicep');
  const [declared = ''] = bicep.split('resource rules');
  const alerts = declared.split(/^ {4}name: /m).slice(1);
  const loaded = alerts.map(
    (alert) => /loadTextContent\('\.\.\/queries\/([\w-]+)\.kql'\)/.exec(alert)?.[1] ?? '',
  );

  test('there is one for each thing that a person must know', () => {
    expect(loaded).toEqual([
      'oldest-pending',
      'abandoned',
      'sweep-missing',
      'policy-broken',
      'limit-holds',
      'function-failures',
      'undelivered',
    ]);
  });

  test('every text that a module loads is there', () => {
    for (const file of readdirSync(join(infra, 'modules'))) {
      for (const [, path] of read(`modules/${file}`).matchAll(/load\w+\('([^']+)'/g)) {
        expect([file, path, existsSync(join(infra, 'modules', path ?? ''))]).toEqual([file, path, true]);
      }
    }
  });

  test('every line that Bicep replaces stands in the query', () => {
    const ofComponent = loaded.filter((name) => name !== 'undelivered');
    for (const name of ofComponent) expect(queries.get(name)).toContain("let components = dynamic(['*']);");
    expect(queries.get('undelivered')).toContain("let accounts = dynamic(['*']);");
    expect(bicep).toContain("'let accounts = dynamic([\\'*\\']);'");
    expect(bicep).toContain("var everyRecord = 'let components = dynamic([\\'*\\']);'");
    expect(queries.get('oldest-pending')).toContain('let pendingMinutes = 60;');
    expect(bicep).toContain("'let pendingMinutes = 60;'");
  });

  test('every dimension and measure is a column of the query, of a type that alerts take', () => {
    for (const [index, alert] of alerts.entries()) {
      const { columns } = analysisOf(loaded[index] ?? '');
      const list = /dimensions: \[(.*)\]/.exec(alert)?.[1] ?? fail('no dimensions');
      const names = [...list.matchAll(/'(\w+)'/g)].map((match) => match[1] ?? '');
      for (const name of names) expect([name, columns[name]]).toEqual([name, 'string']);
      const measure = /metricMeasureColumn: '(\w+)'/.exec(alert)?.[1];
      if (measure !== undefined) expect(columns[measure]).toBe('long');
    }
  });

  test('no query of an alert gives a TimeGenerated, which would split what is open now into bins', () => {
    for (const name of loaded) expect(analysisOf(name).columns).not.toHaveProperty('TimeGenerated');
  });

  test('the alert on missing sweeps fires when there is nothing at all: its query then gives a row', () => {
    const [, ...steps] =
      (queries.get('sweep-missing') ?? '')
        .split(/^audit$/m)[1]
        ?.trim()
        .split('\n') ?? [];
    expect(steps).toEqual(['| summarize sweeps = count()', '| where sweeps == 0']);
  });

  test('each says in its description where docs/operate.md tells what to do', () => {
    const anchors = new Set(
      [...readFileSync(join(infra, '../docs/operate.md'), 'utf8').matchAll(/^#+ (.+)$/gm)].map(
        ([, heading]) =>
          (heading ?? '')
            .toLowerCase()
            .replace(/[^\w\- ]/g, '')
            .replaceAll(' ', '-'),
      ),
    );
    const named = alerts.map((alert) => /docs\/operate\.md#([\w-]+)'/.exec(alert)?.[1]);
    expect(named).toHaveLength(loaded.length);
    expect(named.filter((anchor) => !anchors.has(anchor ?? ''))).toEqual([]);
  });
});
