import type { Clock } from '../../base/clock';
import { ArmError } from '../../base/errors';
import { hasStatus, progressOf } from '../../connections/connection';
import type { ConnectionStore } from '../../connections/connection-store';
import { type End, endOf } from '../end-operation';
import { nextStep } from '../next-step';
import type { Operation, Ticket } from '../operation';
import { wantedStatus } from '../proof/step';
import type { Accepted } from './first-ticket';
import type { Planned } from './planned';

/** A first wait so short, in seconds, that the provider says it has done the work: the proof may follow at once. */
const shortSeconds = 1;

/**
 * Tells whether the proof may follow the reply at once: the first look is due by now, or the reply itself shows the
 * connection as wanted and settled.
 */
export function mayBeProven({ shows }: Accepted, { effect }: Operation, delaySeconds: number): boolean {
  if (delaySeconds <= shortSeconds) return true;
  const wanted = wantedStatus(effect);
  return (
    wanted !== undefined && shows !== undefined && hasStatus(shows, wanted) && progressOf(shows) === 'final'
  );
}

/** Reads the connection right after the write. Only what proves that the write was carried out counts: it may still be early. */
export async function proofAtOnce(
  { connections, clock }: { readonly connections: ConnectionStore; readonly clock: Clock },
  { connection: { id } }: Planned,
  ticket: Ticket,
): Promise<End | undefined> {
  const proof: Ticket = { ...ticket, phase: 'proof', operationUrl: undefined };
  try {
    const connection = await connections.get(id);
    if (connection === undefined) return undefined;
    const step = nextStep(proof, { kind: 'connection', connection }, clock.now());
    return step.kind === 'done' ? endOf(step, proof) : undefined;
  } catch (error) {
    if (error instanceof ArmError) return undefined;
    throw error;
  }
}
