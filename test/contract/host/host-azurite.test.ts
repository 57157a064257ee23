import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { TableServiceClient } from '@azure/data-tables';
import { startAzurite } from '../../../dev/lib/azurite';

test('each Azurite has its own ports, accounts and data, and is gone after close', async () => {
  const [one, two] = await Promise.all([
    startAzurite(),
    startAzurite({ accounts: ['firstaccount', 'secondaccount'] }),
  ]);
  try {
    await QueueServiceClient.fromConnectionString(one.connectionString).createQueue('only-in-one');
    await BlobServiceClient.fromConnectionString(one.connectionString).createContainer('blobs');
    await TableServiceClient.fromConnectionString(one.connectionString, {
      allowInsecureConnection: true,
    }).createTable('things');
    expect(await queuesOf(one.connectionString)).toEqual(['only-in-one']);
    expect(await queuesOf(two.connectionString)).toEqual([]);
    expect(await queuesOf(two.connectionStringFor('secondaccount'))).toEqual([]);
  } finally {
    await Promise.all([one.close(), two.close()]);
  }
  await one.close();
  expect(() => process.kill(one.pid, 0)).toThrow('ESRCH');
});

async function queuesOf(connectionString: string): Promise<string[]> {
  const names: string[] = [];
  for await (const queue of QueueServiceClient.fromConnectionString(connectionString).listQueues()) {
    names.push(queue.name);
  }
  return names;
}
