import type { RequestRecord } from '../../azure';
import type { SendEvent } from '../../azure/events/event-grid';
import type { JsonObject } from '../../azure/http/message';
import { fitText, padText } from '../../lib/terminal-text';
import { auditEventFrom, type AuditEvent } from './audit-event';
import { burstText, eventsIn, type DeliveredEvent } from './delivered-event';
import { describe, labelOf, nameOf } from './describe';
import { createPolicyLines } from './policy-lines';
import type { Print } from './print';

/** Callbacks of the local Azure. */
export interface SystemListeners {
  readonly onTelemetry: (envelope: JsonObject) => void;
  readonly onRequest: (record: RequestRecord) => void;
  readonly send: SendEvent;
}

/** Shows what happens in the running system, one line each. */
export interface Timeline extends SystemListeners {
  /** Prints an error of the host or of one of the app's functions, once per text. */
  onError(text: string, functionName?: string): void;
  /** Prints events that still wait to be counted. */
  flush(): void;
}

export interface TimelineOptions {
  readonly print: (line: string) => void;
  readonly color: boolean;
  /** The width of the terminal, in columns. */
  readonly columns: number;
  /** Prints each event, each error and whole lines. */
  readonly verbose: boolean;
  /** The digest of the policy that is in force at first. */
  readonly policyDigest: string;
  readonly onAudit: (event: AuditEvent) => void;
  readonly onRequest: (record: RequestRecord) => void;
}

/** Events that come less than this apart, in milliseconds, are one burst. */
const quietMs = 1_000;

/** Creates callbacks that print events, decisions, ARM's replies, polls and proofs as they happen. */
export function createTimeline(options: TimelineOptions): Timeline {
  const line = createPrinter(options);
  const bursts = createBursts(line, options.verbose);
  const policy = createPolicyLines(line, options);

  function onAudit(event: AuditEvent): void {
    // A sweep without findings is not printed.
    if (event.kind === 'swept') return policy.onSwept(event);
    if (event.kind === 'decided') bursts.flush();
    if (event.kind === 'refused' || event.kind === 'suspended') policy.onProblem(event.kind, event.reason);
    else line(event.kind, labelOf(event), describe(event));
    options.onAudit(event);
  }

  return {
    onTelemetry: (envelope) => {
      const event = auditEventFrom(envelope);
      if (event !== undefined) onAudit(event);
    },
    onRequest: options.onRequest,
    onError: (text, functionName) => policy.onProblem('error', text, functionName),
    flush: bursts.flush,
    send: async (url, init) => {
      const { method, headers, body, signal } = init;
      const response = await fetch(url, { method, headers, signal, ...(body === undefined ? {} : { body }) });
      bursts.add(eventsIn(body, response.status));
      return { status: response.status, body: await response.text() };
    },
  };
}

/** Prints a line in the width of the terminal: seconds, kind, whom it is about, and as much of the text as fits. */
function createPrinter({ print, color, columns, verbose }: TimelineOptions): Print {
  const started = performance.now();
  const labelColumns = Math.max(29, Math.min(60, Math.floor(columns * 0.36)));
  const labelOfWidth = (what: string): string =>
    verbose ? fitText(what, Infinity).padEnd(labelColumns) : padText(what, labelColumns);
  return (kind, what, text) => {
    const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(5);
    // Without a label, the text matters as a whole, and the terminal wraps it.
    const label = what === '' ? '' : `${labelOfWidth(what)} `;
    const rest = columns - `${seconds} s ${kind.padEnd(10)} `.length - labelColumns - 1;
    const shown = fitText(text, verbose || what === '' ? Infinity : Math.max(20, rest));
    print(`${seconds} s ${paint(kind.padEnd(10), kind, color)} ${label}${shown}`.trimEnd());
  };
}

interface Bursts {
  add(events: readonly DeliveredEvent[]): void;
  flush(): void;
}

/** Collects events, and prints them as one line when no other has come for a while. */
function createBursts(line: Print, verbose: boolean): Bursts {
  let waiting: DeliveredEvent[] = [];
  let timer: NodeJS.Timeout | undefined;
  const printOne = ({ subject, what, status }: DeliveredEvent): void =>
    line('event', nameOf(subject), `${what} → ${status}`);

  function flush(): void {
    clearTimeout(timer);
    const events = waiting;
    waiting = [];
    const [first] = events;
    if (first === undefined) return;
    if (events.length === 1) printOne(first);
    else line('event', `${events.length} events`, burstText(events));
  }

  return {
    flush,
    add: (events) => {
      if (verbose) return events.forEach(printOne);
      waiting.push(...events);
      clearTimeout(timer);
      timer = setTimeout(flush, quietMs).unref();
    },
  };
}

const colors: Readonly<Record<string, number>> = {
  event: 90,
  decided: 36,
  requested: 33,
  polled: 90,
  applied: 32,
  policy: 36,
  superseded: 35,
  refused: 31,
  suspended: 31,
  error: 31,
  failed: 31,
  expired: 31,
  unproven: 31,
  abandoned: 31,
};

function paint(text: string, kind: string, color: boolean): string {
  const code = colors[kind];
  return color && code !== undefined ? `\u001b[${code}m${text}\u001b[0m` : text;
}
