// Edits that remove one mechanism of the app each, for builds whose worlds must break a law. The build fails if
// a text is not found, so that no edit can silently become empty.
import { edits as chaosEdits } from '../../chaos/broken/edits.mjs';

const lease = 'src/azure/storage/target-lease.ts';
const observe = 'src/review/observe.ts';
const takeAnswer = 'src/console/answers/take-answer.ts';
const personAnswer = 'src/review/judge/person-answer.ts';
const operations = 'src/azure/storage/tables/operation-store.ts';

/** @type {Readonly<Record<string, readonly { file: string, from: string, to: string }[]>>} */
export const edits = {
  ...chaosEdits,
  // Every review gets the lease, no write is fenced off, and the last save of a row wins: the versions of rows
  // alone make most reviews take turns.
  'no-lease': [
    { file: operations, from: '{ etag: row.version }', to: "{ etag: '*' }" },
    {
      file: operations,
      from: "version === undefined ? ['create', entity]",
      to: "0 < 1 ? ['upsert', entity, 'Replace']",
    },
    { file: lease, from: "return 'taken';", to: "return 'acquired';" },
    { file: lease, from: 'if (this.isLost || this.isReleased) {', to: 'if (false) {' },
    { file: lease, from: 'if (leftMs >= times.marginSeconds * 1000) return;', to: 'return;' },
  ],
  // Hints wait for the end of an operation, and are forgotten at it.
  'hints-wait-for-ever': [
    {
      file: 'src/operations/poll/read-connection.ts',
      from: 'if (context.operation.isAwaited === true) {',
      to: 'if (context.operation.isAwaited === undefined) {',
    },
    {
      file: 'src/review/queue/follow-up.ts',
      from: '!(ended.isAwaited ?? (await wasAwaited(ports, target, ended)))',
      to: '!(await wasAwaited(ports, target, { ...ended, startedAt: undefined }))',
    },
  ],
  // Events of everybody's changes are dropped as if they were Postern's own, and so are those of new requests.
  'own-means-all': [
    {
      file: 'src/events/resource-operation.ts',
      from: 'return isOwn && isAboutConnection(resource, operation)',
      to: 'return isOwn || resource.kind !== "endpoint"',
    },
    { file: 'src/events/resource-notification.ts', from: "case 'endpoint':", to: "case 'endpoint-child':" },
  ],
  // The ledger never has the decision that is carried out.
  'no-write-ahead': [
    {
      file: 'src/review/make-durable.ts',
      from: 'await ports.audit.record(recordsOf(plan, begun));',
      to: 'void recordsOf(plan, begun);',
    },
    { file: 'src/review/make-durable.ts', from: 'await ports.audit.record(records);', to: 'void records;' },
  ],
  // The lease and the age of the reading are asked before the row is saved, and not when the bytes leave.
  'fence-early': [
    {
      file: 'src/review/write-plan.ts',
      from: 'await sendWrite(ports, next, fence);',
      to: 'await (fence(), sendWrite(ports, next, () => undefined));',
    },
    {
      file: 'src/review/write-plan.ts',
      from: 'await sendWrite(ports, begun, fence);',
      to: 'await (fence(), sendWrite(ports, begun, () => undefined));',
    },
  ],
  // Audit mode writes, too.
  'audit-ignored': [
    {
      file: 'src/review/judge/judge-connection.ts',
      from: "decision.effect === 'hold' || decision.mode === 'audit'",
      to: "decision.effect === 'hold'",
    },
  ],
  // An operation whose alarm was never set is not looked for.
  'poll-forgotten': [
    {
      file: 'src/operations/overdue.ts',
      from: 'await alarm.ring({ ...call, isRenewed: true }, 0);',
      to: 'await Promise.resolve(void [alarm, call]);',
    },
  ],
  // What is made again under its old name is taken for the old question.
  'id-reused': [
    { file: observe, from: 'generation: previous.generation + 1', to: 'generation: previous.generation' },
    {
      file: 'src/review/make-durable.ts',
      from: '({ generation }) => generation + 1',
      to: '({ generation }) => generation * 0',
    },
  ],
  // An announcement counts as often as somebody asks.
  'announcement-reused': [
    {
      file: 'src/review/make-durable.ts',
      from: 'if (plan.spent.length === 0) return state;',
      to: 'if (plan.spent.length < 1_000) return state;',
    },
  ],
  // An announced name counts in every tenant.
  'announcement-anybody': [
    {
      file: 'src/policy/expected/expected-requests.ts',
      from: "return hasName(who, asker) && (who.kind === 'endpoint' || asker.tenantId === who.tenantId);",
      to: 'return hasName(who, asker);',
    },
  ],
  // What was once known of a subscription's tenant is believed for a day, also for approvals.
  'tenant-kept': [
    {
      file: 'src/review/facts/tenants.ts',
      from: 'approvalMaxAgeSeconds = 60 * 60',
      to: 'approvalMaxAgeSeconds = 24 * 60 * 60',
    },
  ],
  // Of two connections that could be the one that we asked for, both are.
  'rivals-ignored': [
    {
      file: 'src/review/facts/requester-proof.ts',
      from: 'if (rivals.length > 0)',
      to: 'if (rivals.length > 1_000)',
    },
  ],
  // Approvals never end.
  'approval-forgotten': [
    {
      file: 'src/operations/timed-approval.ts',
      from: "return endsAt !== undefined && hasStatus(connection, 'Approved') && new Date(endsAt) <= now;",
      to: "return endsAt !== undefined && hasStatus(connection, 'Approved') && now.getTime() < 0;",
    },
  ],
  // Nothing counts writes.
  'limit-ignored': [
    {
      file: 'src/review/limits/limit-guard.ts',
      from: 'if (perHour === undefined) return undefined;',
      to: 'if (perHour !== 0) return undefined;',
    },
    {
      file: 'src/review/limits/limit-guard.ts',
      from: 'for (const { operation } of fresh.slice(perReview))',
      to: 'for (const { operation } of fresh.slice(perReview + 1_000))',
    },
  ],
  // A write that ARM took counts as done, whatever the connection shows.
  'proof-skipped': [
    {
      file: 'src/operations/proof/after-reading.ts',
      from: 'if (wanted !== undefined && hasStatus(connection, wanted)) return whenWanted',
      to: 'if (wanted !== undefined) return whenWanted',
    },
  ],
  // A reading never becomes old.
  'stale-reading': [
    { file: 'src/review/facts/reading-age.ts', from: 'freshMs = 20_000', to: 'freshMs = 20_000_000' },
  ],
  // A new policy is not seen until the next start.
  'policy-stuck': [
    {
      file: 'src/policy/source/policy-source.ts',
      from: 'recheckSeconds = 10',
      to: 'recheckSeconds = 1_000_000',
    },
  ],
  // A managed list counts however old its last reading is.
  'list-stale': [
    {
      file: 'src/policy/lists/list-snapshot.ts',
      from: 'addSeconds(new Date(readAt), maxAgeSeconds) > now',
      to: 'addSeconds(new Date(readAt), maxAgeSeconds) > new Date(0)',
    },
  ],
  // A managed list is taken although part of it could not be read.
  'list-part': [
    {
      file: 'src/review/lists/managed-lists.ts',
      from: 'if (problem !== undefined) return failed(problem);',
      to: '',
    },
  ],
  // An emptied group empties the list at once.
  'list-emptied': [
    {
      file: 'src/policy/lists/list-state.ts',
      from: 'if (next.entries.length === 0) return true;',
      to: 'if (next.entries.length === 0) return false;',
    },
  ],
  // What the rules read may change after a person has looked.
  'seen-ignored': [
    { file: takeAnswer, from: ' || request.seen !== question.seen', to: '' },
    {
      file: personAnswer,
      from: 'if (policy.digestOfSeen?.(facts, now) !== answer.seen)',
      to: "if (policy.digestOfSeen?.(facts, now) === '')",
    },
    { file: takeAnswer, from: 'seen: request.seen,', to: 'seen: question.seen,' },
  ],
  // A person who answers twice counts as two people.
  'answer-counted-twice': [
    {
      file: takeAnswer,
      from: 'if (present !== undefined && repeats(present, person, request)) {',
      to: 'if (present !== undefined && present.given.length === 0 && repeats(present, person, request)) {',
    },
    {
      file: 'src/console/question/present-answer.ts',
      from: 'if (present.given.some(({ oid }) => oid === person.oid))',
      to: 'if (present.given.length === 0 && person.oid.length > 0)',
    },
    {
      file: personAnswer,
      from: 'const people = new Set(answer.given.map(({ oid }) => oid)).size;',
      to: 'const people = answer.given.length;',
    },
  ],
  // An answer that was taken back is carried out.
  'withdrawal-ignored': [
    {
      file: 'src/console/answers/withdraw-answer.ts',
      from: 'const given = answer.given.filter(({ oid }) => oid !== person.oid);',
      to: 'const { given } = answer;',
    },
  ],
  // Every approver may answer everything that the policy lets somebody answer.
  'anybody-answers': [
    {
      file: 'src/console/question/permission.ts',
      from: 'return isAmong(may, principalsOf(person))',
      to: 'return isAmong(may, principalsOf(person)) || may.needed > 0',
    },
    {
      file: personAnswer,
      from: 'if (stranger !== undefined)',
      to: 'if (stranger !== undefined && answer.given.length === 0)',
    },
  ],
  // An answer waits for as long as it takes.
  'answer-for-ever': [
    {
      file: 'src/operations/answer.ts',
      from: 'answerSeconds = 24 * 60 * 60',
      to: 'answerSeconds = 365 * 24 * 60 * 60',
    },
  ],
  // Nothing counts answers.
  'answers-uncounted': [
    {
      file: 'src/console/answers/count-answer.ts',
      from: 'if (own.length >= perHour.person)',
      to: 'if (own.length >= 1_000 * perHour.person)',
    },
    {
      file: 'src/console/answers/count-answer.ts',
      from: 'if (begun.length >= perHour.all)',
      to: 'if (begun.length >= 1_000 * perHour.all)',
    },
  ],
  // A target is written to while its operation runs.
  'running-ignored': [
    { file: 'src/review/write-plan.ts', from: 'if (plan.running) return undefined;', to: '' },
  ],
};
