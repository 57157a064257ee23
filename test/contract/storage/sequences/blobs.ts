import type { ContainerClient } from '@azure/storage-blob';
import fc from 'fast-check';
import { outcomeOf, type TestedAccount } from './outcome';

/** A step of one of several processes, each of which has a lease id of its own. */
export type BlobStep = { readonly process: number; readonly blob: string } & (
  | { readonly step: 'create' | 'list' | 'download' | 'renew' | 'release' }
  | { readonly step: 'upload'; readonly onlyIfMissing: boolean; readonly content: string }
  | { readonly step: 'acquire'; readonly seconds: number }
  | { readonly step: 'break'; readonly seconds: number | undefined }
  | { readonly step: 'wait'; readonly seconds: number }
);

const process = fc.nat(1);
// Most steps meet at one blob.
const blob = fc.constantFrom('one', 'one', 'one', 'folder/two');

const blobStep: fc.Arbitrary<BlobStep> = fc.oneof(
  { withCrossShrink: true },
  {
    weight: 3,
    arbitrary: fc.record({ process, blob, step: fc.constantFrom('create' as const, 'list', 'download') }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ process, blob, step: fc.constantFrom('renew' as const, 'release') }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      process,
      blob,
      step: fc.constant('upload' as const),
      onlyIfMissing: fc.boolean(),
      content: fc.constantFrom('', '{}', 'Größe'),
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      process,
      blob,
      step: fc.constant('acquire' as const),
      // A lease does not expire before the sequence ends. 14 s and 61 s are refused.
      seconds: fc.constantFrom(60, 60, 60, 60, -1, -1, 14, 61),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      process,
      blob,
      step: fc.constant('break' as const),
      seconds: fc.constantFrom(undefined, 0, 0, 60),
    }),
  },
);

/** Sequences of calls to a container. Most of them create it and a blob first. */
export const blobSequences: fc.Arbitrary<readonly BlobStep[]> = fc.noBias(
  fc
    .tuple(fc.nat(9), fc.array(blobStep, { minLength: 25, maxLength: 25, size: 'max' }))
    .map(([chance, steps]) => (chance === 0 ? steps : [...beginning, ...steps])),
);

const beginning: readonly BlobStep[] = [
  { process: 0, blob: 'one', step: 'create' },
  { process: 0, blob: 'one', step: 'upload', onlyIfMissing: true, content: '' },
];

/** Plays a sequence on a container that does not exist yet. Returns what each step came to. */
export async function playOnContainer(
  account: TestedAccount,
  name: string,
  steps: readonly BlobStep[],
): Promise<readonly unknown[]> {
  const client = await account.clients.container(name).use(async (opened) => opened);
  const outcomes: unknown[] = [];
  for (const step of steps) {
    await account.tick();
    if (step.step === 'wait') await account.wait(step.seconds);
    else outcomes.push(await outcomeOf(() => perform(client, step)));
  }
  return outcomes;
}

async function perform(client: ContainerClient, step: Exclude<BlobStep, { step: 'wait' }>): Promise<unknown> {
  const blobClient = client.getBlockBlobClient(step.blob);
  const lease = blobClient.getBlobLeaseClient(`0000000${step.process}-0000-4000-8000-000000000000`);
  switch (step.step) {
    case 'create':
      return (await client.createIfNotExists()).succeeded;
    case 'list':
      return namesIn(client);
    case 'download':
      return (await blobClient.downloadToBuffer()).toString('utf8');
    case 'upload': {
      const conditions = step.onlyIfMissing ? { ifNoneMatch: '*' } : {};
      const { etag } = await blobClient.upload(step.content, Buffer.byteLength(step.content), { conditions });
      return typeof etag;
    }
    case 'acquire':
      return (await lease.acquireLease(step.seconds)).leaseId;
    case 'renew':
      return (await lease.renewLease()).leaseId;
    case 'release':
      await lease.releaseLease();
      return 'released';
    case 'break': {
      const { leaseTime } = await lease.breakLease(step.seconds as number);
      return (leaseTime ?? 0) > 0 ? 'breaking' : 'broken';
    }
  }
}

async function namesIn(client: ContainerClient): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of client.listBlobsFlat()) names.push(name);
  return names;
}
