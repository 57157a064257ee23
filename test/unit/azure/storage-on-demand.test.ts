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
});

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
