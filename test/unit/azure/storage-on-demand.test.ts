import { OnDemand } from '../../../src/azure/storage-on-demand';

const missing = Object.assign(new Error('no such table'), { statusCode: 404, code: 'TableNotFound' });

describe('a resource on demand', () => {
  test('is opened once, when it is first used', async () => {
    const { resource, calls } = onDemand();
    expect(calls).toEqual([]);
    await resource.use(async () => calls.push('work'));
    await resource.use(async () => calls.push('work'));
    expect(calls).toEqual(['open', 'work', 'work']);
  });

  test('is made when it is missing, and the work is done again', async () => {
    const { resource, calls } = onDemand();
    const answer = await resource.use(async () => {
      calls.push('work');
      if (!calls.includes('create')) throw missing;
      return 'done';
    });
    expect(answer).toBe('done');
    expect(calls).toEqual(['open', 'work', 'create', 'work']);
  });

  test('is made only once for one piece of work', async () => {
    const { resource, calls } = onDemand();
    const work = async () => {
      calls.push('work');
      throw missing;
    };
    await expect(resource.use(work)).rejects.toBe(missing);
    expect(calls).toEqual(['open', 'work', 'create', 'work']);
  });

  test('is not made because of another failure', async () => {
    const { resource, calls } = onDemand();
    const failure = Object.assign(new Error('no such row'), { statusCode: 404, code: 'ResourceNotFound' });
    await expect(resource.use(() => Promise.reject(failure))).rejects.toBe(failure);
    expect(calls).toEqual(['open']);
  });

  test.each([
    ['no answer came', named('RestError', { code: 'ECONNREFUSED' }), 'storage is away: ECONNREFUSED'],
    ['the time ran out', named('AbortError', {}), 'storage is away: AbortError'],
    [
      'the service has trouble',
      named('RestError', { statusCode: 503, code: 'ServerBusy' }),
      'HTTP 503 ServerBusy',
    ],
    ['the service asks for patience', named('RestError', { statusCode: 429 }), 'HTTP 429'],
    ['it lets nobody in', named('RestError', { statusCode: 403, code: 'AuthorizationFailure' }), 'HTTP 403'],
    [
      'the table is being deleted',
      named('RestError', { statusCode: 409, code: 'TableBeingDeleted' }),
      'HTTP 409',
    ],
    ['the identity is away', named('AuthenticationError', { statusCode: 400 }), 'storage is away'],
    ['there is no identity', named('CredentialUnavailableError', {}), 'CredentialUnavailableError'],
  ])('is unavailable when %s', async (_, failure, message) => {
    const away = { code: 'STORE_UNAVAILABLE', message: expect.stringContaining(message), cause: failure };
    await expect(onDemand().resource.use(() => Promise.reject(failure))).rejects.toMatchObject(away);
  });

  test.each([
    ['a conflict', named('RestError', { statusCode: 409, code: 'EntityAlreadyExists' })],
    ['a refused request', named('RestError', { statusCode: 400, code: 'InvalidInput' })],
    ['a defect', new TypeError('undefined is not a function')],
  ])('%s is nothing that time mends', async (_, failure) => {
    await expect(onDemand().resource.use(() => Promise.reject(failure))).rejects.toBe(failure);
  });
});

function named(name: string, fields: object): Error {
  return Object.assign(new Error('the text may carry a secret'), { name, ...fields });
}

function onDemand() {
  const calls: string[] = [];
  const resource = new OnDemand({
    open: async () => {
      calls.push('open');
      return 'client';
    },
    create: async () => calls.push('create'),
    missingCode: 'TableNotFound',
  });
  return { resource, calls };
}
