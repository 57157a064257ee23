import type { ConnectionView, ExplainedRuleView, SawFact } from '../../src/console/api';
import { valueInWords } from './differences';

/** Shows why the policy says what it says: what decided is open, everything else is folded. */
export function Why({ view }: { readonly view: ConnectionView }) {
  const { rules } = view;
  const weighty = rules.filter(({ decided, outcome }) => decided || outcome === 'failed');
  const overruled = rules.filter(({ decided, outcome }) => !decided && outcome === 'matched');
  const missed = rules.filter(({ outcome }) => outcome === 'missed');
  const notAsked = rules.filter(({ outcome }) => outcome === 'not asked');
  return (
    <section aria-labelledby="why-heading">
      <h2 id="why-heading">Why</h2>
      <p>{view.why}</p>
      {view.reason !== undefined && (
        <p>
          The policy's reason: <bdi>{view.reason}</bdi>
        </p>
      )}
      {view.unclear !== undefined && <p class="banner warning">{view.unclear}</p>}
      {weighty.map((rule) => (
        <Rule key={rule.rule} rule={rule} isOpen />
      ))}
      {overruled.map((rule) => (
        <Rule key={rule.rule} rule={rule} isOpen={false} />
      ))}
      {missed.length > 0 && (
        <details>
          <summary>{rulesInWords(missed.length)} did not match</summary>
          {missed.map((rule) => (
            <MissedRule key={rule.rule} rule={rule} />
          ))}
        </details>
      )}
      {notAsked.length > 0 && (
        <details>
          <summary>
            {rulesInWords(notAsked.length)} {notAsked.length === 1 ? 'is' : 'are'} for another status
          </summary>
          <ul>
            {notAsked.map(({ rule, on }) => (
              <li key={rule}>
                <strong>{rule}</strong> is for {on.join(', ')}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Rule({ rule, isOpen }: { readonly rule: ExplainedRuleView; readonly isOpen: boolean }) {
  return (
    <details open={isOpen} class="rule">
      <summary>
        <strong>{rule.rule}</strong> {outcomeInWords(rule)}
      </summary>
      <pre>{rule.when}</pre>
      {rule.problem !== undefined && (
        <p>
          It could not be evaluated: <bdi>{rule.problem}</bdi>
        </p>
      )}
      <Values saw={rule.saw} />
      <Place rule={rule} />
    </details>
  );
}

function MissedRule({ rule }: { readonly rule: ExplainedRuleView }) {
  const parts = rule.falseParts.length === 0 ? [rule.when] : rule.falseParts;
  return (
    <div class="missed">
      <h3>
        {rule.rule} <span class="note">({rule.effect})</span>
      </h3>
      <p>Not true:</p>
      <ul>
        {parts.map((part) => (
          <li key={part}>
            <code>{part}</code>
          </li>
        ))}
      </ul>
      <Values saw={rule.saw} />
      <Place rule={rule} />
    </div>
  );
}

function Values({ saw }: { readonly saw: readonly SawFact[] }) {
  if (saw.length === 0) return null;
  return (
    <dl class="values">
      {saw.map((fact) => (
        <div key={fact.fact}>
          <dt>
            <code>{fact.fact}</code>
          </dt>
          <dd>
            {'absent' in fact ? (
              <em>absent</em>
            ) : (
              <code>
                <bdi>{valueInWords(fact)}</bdi>
              </code>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Place({ rule: { path, line } }: { readonly rule: ExplainedRuleView }) {
  return (
    <p class="note">
      {path}, line {line}
    </p>
  );
}

function outcomeInWords({ outcome, effect, decided }: ExplainedRuleView): string {
  if (outcome === 'failed') return 'could not be evaluated, which holds the connection';
  return decided ? `matched and decided: ${effect}` : `matched (${effect}) and was overridden`;
}

function rulesInWords(n: number): string {
  return n === 1 ? '1 rule' : `${n} rules`;
}
