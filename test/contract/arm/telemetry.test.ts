import type { AccessToken, TokenCredential } from '@azure/core-auth';
import type { Telemetry } from '../../../src/audit/audit-log';
import { createTelemetry } from '../../../src/azure/telemetry/telemetry';
import type { Logger } from '../../../src/base/logger';
import { FakeTelemetry } from '../../support/fakes/fake-telemetry';
import { startIngestionServer, type IngestionServer } from '../../support/http/ingestion-server';
import { sampleRecord } from '../../../dev/lib/samples';
import { systemClock } from '../../../src/base/clock';

let server: IngestionServer;
const savedSetting = process.env['APPLICATION_INSIGHTS_NO_STATSBEAT'];

beforeAll(() => {
  process.env['APPLICATION_INSIGHTS_NO_STATSBEAT'] = 'true';
});

afterAll(() => {
  if (savedSetting === undefined) delete process.env['APPLICATION_INSIGHTS_NO_STATSBEAT'];
  else process.env['APPLICATION_INSIGHTS_NO_STATSBEAT'] = savedSetting;
});

beforeEach(async () => {
  server = await startIngestionServer();
});

afterEach(() => server.close());

describe.each<[string, () => { telemetry: Telemetry; delivered: () => string[] }]>([
  [
    'AppInsightsTelemetry',
    () => ({
      telemetry: open().telemetry,
      delivered: () => server.envelopes.map(({ data }) => data.baseData.properties['id'] ?? ''),
    }),
  ],
  [
    'FakeTelemetry',
    () => {
      const telemetry = new FakeTelemetry();
      return { telemetry, delivered: () => telemetry.sent.map(({ id }) => id) };
    },
  ],
])('%s as telemetry', (_, create) => {
  test('a flush delivers every record once, in order', async () => {
    const { telemetry, delivered } = create();
    telemetry.emit([sampleRecord({ id: 'a' }), sampleRecord({ id: 'b' })]);
    telemetry.emit([sampleRecord({ id: 'c' })]);
    await telemetry.flush();
    await telemetry.flush();
    expect(delivered()).toEqual(['a', 'b', 'c']);
  });

  test('a flush without records is no failure', async () => {
    const { telemetry, delivered } = create();
    await telemetry.flush();
    expect(delivered()).toEqual([]);
  });

  test('hundreds of records are all delivered', async () => {
    const { telemetry, delivered } = create();
    const ids = Array.from({ length: 600 }, (__, index) => `r${index}`);
    telemetry.emit(ids.map((id) => sampleRecord({ id })));
    await telemetry.flush();
    expect(delivered()).toEqual(ids);
  });
});

describe('AppInsightsTelemetry', () => {
  test('a record is a custom event with flat properties, at its own time, in its own trace', async () => {
    const { telemetry, warnings } = open();
    telemetry.emit([sampleRecord()]);
    await telemetry.flush();
    expect(warnings).toEqual([]);
    expect(server.requests).toEqual([{ path: '/v2.1/track', authorization: undefined }]);
    const [envelope] = server.envelopes;
    expect(envelope).toMatchObject({
      name: 'Microsoft.ApplicationInsights.Event',
      sampleRate: 100,
      iKey: '00000000-0000-0000-0000-000000000001',
      data: { baseType: 'EventData', baseData: { name: 'postern.decided' } },
      tags: { 'ai.cloud.role': 'postern', 'ai.operation.id': '0af7651916cd43dd8448eb211c80319c' },
    });
    expect(new Date(envelope!.time).toISOString()).toBe('2026-01-05T12:00:00.000Z');
    expect(envelope!.tags).not.toHaveProperty('ai.operation.parentId');
    expect(envelope!.data.baseData.properties).toEqual({
      version: '1',
      id: 'd1|decided',
      kind: 'decided',
      at: '2026-01-05T12:00:00.000Z',
      decisionId: 'd1',
      target: sampleRecord().target,
      targetType: 'Microsoft.KeyVault/vaults',
      connection: sampleRecord().connection,
      endpoint: sampleRecord().endpoint,
      message: sampleRecord().message,
      status: 'Pending',
      effect: 'approve',
      rules: '["landing-zones","quota"]',
      reason: 'The endpoint is in a landing zone',
      policyDigest: 'ab'.repeat(32),
      mode: 'enforce',
      operationAttempt: '1',
      operationStartedAt: '2026-01-05T12:00:01.000Z',
      operationPolls: '3',
      operationLastHttpStatus: '202',
      traceId: '0af7651916cd43dd8448eb211c80319c',
    });
  });

  test('a trace id that is none stays a property', async () => {
    const { telemetry } = open();
    telemetry.emit([sampleRecord({ traceId: 'not a trace' })]);
    await telemetry.flush();
    expect(server.envelopes[0]?.tags).not.toHaveProperty('ai.operation.id');
    expect(server.envelopes[0]?.data.baseData.properties['traceId']).toBe('not a trace');
  });

  test('with a credential the token goes along', async () => {
    const scopes: unknown[] = [];
    const credential: TokenCredential = {
      getToken: async (scope): Promise<AccessToken> => {
        scopes.push(scope);
        return { token: 'secret-token', expiresOnTimestamp: Number.MAX_SAFE_INTEGER };
      },
    };
    const { telemetry } = open({ credential });
    telemetry.emit([sampleRecord()]);
    await telemetry.flush();
    expect(scopes).toEqual([['https://monitor.azure.com/.default']]);
    expect(server.requests[0]?.authorization).toBe('Bearer secret-token');
  });

  test.each([
    ['503', { status: 503 }, /1 audit records: HTTP 503/],
    ['429', { status: 429 }, /1 audit records: HTTP 429/],
    ['403', { status: 403 }, /1 audit records: HTTP 403/],
    ['400 for the key', { status: 400, body: { error: 'Invalid instrumentation key' } }, /HTTP 400/],
    [
      '206 that took none',
      {
        status: 206,
        body: {
          itemsReceived: 1,
          itemsAccepted: 0,
          errors: [{ index: 0, statusCode: 400, message: 'too old' }],
        },
      },
      /1 audit records: HTTP 206 too old/,
    ],
  ] as const)('an answer of %s is one warning and no failure', async (_, answer, warning) => {
    server.answer = () => answer;
    const { telemetry, warnings } = open();
    telemetry.emit([sampleRecord()]);
    await telemetry.flush();
    expect(warnings).toEqual([expect.stringMatching(warning)]);
  });

  test('after an outage the next records are delivered', async () => {
    const works = server.answer;
    server.answer = () => ({ status: 403 });
    const { telemetry, warnings } = open();
    telemetry.emit([sampleRecord({ id: 'lost' })]);
    await telemetry.flush();
    server.answer = works;
    server.envelopes.splice(0);
    telemetry.emit([sampleRecord({ id: 'kept' })]);
    await telemetry.flush();
    expect(server.envelopes.map(({ data }) => data.baseData.properties['id'])).toEqual(['kept']);
    expect(warnings).toHaveLength(1);
  });

  test('a server that nobody trusts is one warning', async () => {
    const { telemetry, warnings } = open({ certificateAuthorities: undefined });
    telemetry.emit([sampleRecord()]);
    await telemetry.flush();
    expect(warnings).toEqual([expect.stringMatching(/1 audit records/)]);
    expect(server.envelopes).toEqual([]);
  });

  test('a server that never answers does not hold the invocation', async () => {
    server.answer = () => 'hang';
    const { telemetry, warnings } = open({ flushSeconds: 0.2 });
    telemetry.emit([sampleRecord()]);
    await telemetry.flush();
    expect(warnings).toEqual([expect.stringMatching(/has not answered within 0.2 s/)]);
  });

  test('a connection string without sense is one warning at the flush', async () => {
    const { telemetry, warnings } = open({ connectionString: 'InstrumentationKey=no-key' });
    telemetry.emit([sampleRecord()]);
    await telemetry.flush();
    expect(warnings).toEqual([expect.stringMatching(/Invalid instrumentation key/)]);
  });

  test('without a connection string nothing is sent and nothing fails', async () => {
    const { telemetry, warnings } = open({ connectionString: undefined });
    telemetry.emit([sampleRecord()]);
    await telemetry.flush();
    expect(warnings).toEqual([]);
    expect(server.requests).toEqual([]);
  });
});

function open(changes: Partial<Parameters<typeof createTelemetry>[0]> = {}) {
  const warnings: string[] = [];
  const logger: Logger = {
    info: () => undefined,
    warn: (message) => void warnings.push(message),
    error: (message) => void warnings.push(message),
  };
  const telemetry = createTelemetry({
    connectionString: server.connectionString,
    certificateAuthorities: server.certificate,
    clock: systemClock,
    logger,
    ...changes,
  });
  return { telemetry, warnings };
}
