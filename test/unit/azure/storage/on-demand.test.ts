import { OnDemand } from '../../../../src/azure/storage/on-demand';
import { systemClock } from '../../../../src/base/clock';

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

  test('is made once for all who miss it at the same time, however late they hear of it', async () => {
    const { resource, calls } = onDemand();
    let heard = (): void => undefined;
    const late = new Promise<void>((resolve) => (heard = resolve));
    const meet = (news: Promise<void>) => {
      let isFirst = true;
      return resource.use(async () => {
        if (!isFirst) return;
        isFirst = false;
        await news;
        throw missing;
      });
    };
    const lateOne = meet(late);
    await Promise.all(Array.from({ length: 16 }, () => meet(Promise.resolve())));
    heard();
    await lateOne;
    expect(calls).toEqual(['open', 'create']);
  });

  test('is made again when it goes missing again', async () => {
    const { resource, calls } = onDemand();
    for (const round of [1, 2]) {
      await resource.use(async () => {
        if (calls.filter((call) => call === 'create').length < round) throw missing;
      });
    }
    expect(calls).toEqual(['open', 'create', 'create']);
  });

  test('one that could not be made is tried again by the next', async () => {
    const { resource, calls, refuseOnce } = onDemand();
    const refusal = Object.assign(new Error('no'), { statusCode: 400, code: 'InvalidInput' });
    refuseOnce(refusal);
    const work = async () => {
      if (!calls.includes('create')) throw missing;
    };
    await expect(resource.use(work)).rejects.toBe(refusal);
    await resource.use(work);
    expect(calls).toEqual(['open', 'create']);
  });

  test('is not made because of another failure', async () => {
    const { resource, calls } = onDemand();
    const failure = Object.assign(new Error('no such row'), { statusCode: 404, code: 'ResourceNotFound' });
    await expect(resource.use(() => Promise.reject(failure))).rejects.toBe(failure);
    expect(calls).toEqual(['open']);
  });

  test.each([
    ['no answer came', named('RestError', { code: 'ECONNREFUSED' }), 'storage is unavailable: ECONNREFUSED'],
    ['the time ran out', named('AbortError', {}), 'storage is unavailable: AbortError'],
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
    ['the identity is away', named('AuthenticationError', { statusCode: 400 }), 'storage is unavailable'],
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
  let refusal: Error | undefined;
  const refuseOnce = (error: Error): void => {
    refusal = error;
  };
  const resource = new OnDemand({
    clock: systemClock,
    open: async () => {
      calls.push('open');
      return 'client';
    },
    create: async () => {
      const refused = refusal;
      refusal = undefined;
      if (refused !== undefined) throw refused;
      calls.push('create');
    },
    missingCode: 'TableNotFound',
  });
  return { resource, calls, refuseOnce };
}
