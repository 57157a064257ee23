import { flagWords, type Flag } from '../../src/report/flags';
import type { DecisionSource } from '../../src/report/row';
import type { Summary } from '../../src/report/summary';
import { nameOf, sourceWords } from '../words';
import { Bars } from './bars';

/** Plots of what connections have in common. */
export function Plots({
  summary,
  labelOf,
}: {
  readonly summary: Summary;
  readonly labelOf: (type: string) => string;
}) {
  return (
    <div class="plots">
      <Bars title="Status" counts={summary.byStatus} />
      <Bars title="To look at" counts={summary.byFlag} wordOf={(flag) => flagWords[flag as Flag]} />
      <Bars
        title="Decided by"
        counts={summary.bySource}
        wordOf={(source) => sourceWords[source as DecisionSource]}
      />
      <Bars title="How long in this status" counts={summary.byAge} />
      <Bars title="Approved: today’s policy would" counts={summary.byVerdict} />
      <Bars title="Approvals that end" counts={summary.byEnd} />
      <Bars title="Types of target" counts={summary.byType.slice(0, 10)} wordOf={labelOf} />
      <Bars title="Targets with the most approved" counts={summary.byTarget} wordOf={nameOf} />
      <Bars title="Subscriptions that reach the most" counts={summary.byRequester} />
    </div>
  );
}
