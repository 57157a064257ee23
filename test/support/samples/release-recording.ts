import { TableClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Recording } from '../../../dev/chaos/beside/record';
import { sendText } from '../../../dev/chaos/beside/storage-dump';
import type { SimulatedAccount } from '../../../dev/explore/storage/account';
import { projectRoot } from '../repo/project';

/** Reads what a release has left in storage: see test/data/upgrade/README.md. */
export function readRecording(commit: string): Recording {
  return JSON.parse(
    readFileSync(join(projectRoot, 'test/data/upgrade', `${commit}.json`), 'utf8'),
  ) as Recording;
}

type Entity = { readonly partitionKey: string; readonly rowKey: string };

/** Writes a recording to the emulator. */
export async function loadInto(
  connectionString: string,
  { tables, queues, blobs }: Recording,
): Promise<void> {
  for (const [name, rows] of Object.entries(tables)) {
    const table = TableClient.fromConnectionString(connectionString, name, { allowInsecureConnection: true });
    await table.createTable();
    for (const row of rows) await table.createEntity(row as Entity);
  }
  for (const [name, texts] of Object.entries(queues))
    for (const text of texts) await sendText(connectionString, name, text);
  const service = BlobServiceClient.fromConnectionString(connectionString);
  for (const [name, contents] of Object.entries(blobs)) {
    const container = service.getContainerClient(name);
    await container.create();
    for (const [blob, content] of Object.entries(contents)) {
      const bytes = Buffer.from(content, 'base64');
      await container.getBlockBlobClient(blob).upload(bytes, bytes.length);
    }
  }
}

/** Writes a recording to an account in memory. */
export function fill(account: SimulatedAccount, { tables, queues, blobs }: Recording): void {
  for (const [name, rows] of Object.entries(tables)) {
    account.table(name).create();
    for (const row of rows) account.table(name).write({ kind: 'insert', entity: row as never });
  }
  for (const [name, texts] of Object.entries(queues)) {
    account.queue(name).create();
    for (const text of texts) account.queue(name).send(text);
  }
  for (const [name, contents] of Object.entries(blobs)) {
    account.container(name).create();
    for (const [blob, content] of Object.entries(contents))
      account.container(name).upload(blob, Buffer.from(content, 'base64'), { onlyIfMissing: false });
  }
}
