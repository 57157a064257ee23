import { Environment } from '@marcbachmann/cel-js';
import { describeFailure } from '../../../../src/policy/cel/messages';
import { factRoots, fieldsOf } from '../../../../src/policy/facts/fact-fields';
import type { Facts } from '../../../../src/policy/facts/facts';

// Classes of their own, so that the library knows their types.
class Connection {
  readonly root = 'connection';
}

class Endpoint {
  readonly root = 'endpoint';
}

class Requester {
  readonly root = 'requester';
}

class Target {
  readonly root = 'target';
}

class Expected {
  readonly root = 'expected';
}

class Consumer {
  readonly root = 'consumer';
}

class Lists {
  readonly root = 'lists';
}

const classes = {
  connection: Connection,
  endpoint: Endpoint,
  requester: Requester,
  target: Target,
  expected: Expected,
  consumer: Consumer,
};

export type PlainEvaluation = (when: string, facts: Facts, now: Date) => boolean | string;

/**
 * Conditions as the CEL library evaluates them whole, over facts that are objects with fields: true, false, or why they
 * failed. Facts, lists and literals must be in lower case, because nothing is folded here; `lists` are of texts.
 */
export function plainEvaluation(lists: Readonly<Record<string, readonly string[]>>): PlainEvaluation {
  const cel = new Environment().registerVariable('now', 'google.protobuf.Timestamp');
  for (const root of factRoots) {
    const fields = Object.fromEntries(Object.entries(fieldsOf(root)).map(([name, { type }]) => [name, type]));
    cel
      .registerType(classes[root].name, { ctor: classes[root], fields })
      .registerVariable(root, classes[root].name);
  }
  const fields = Object.fromEntries(Object.keys(lists).map((name) => [name, 'list<string>']));
  cel.registerType('Lists', { ctor: Lists, fields }).registerVariable('lists', 'Lists');
  return (when, facts, now) => {
    try {
      const context = { ...contextOf(facts), now, lists: Object.assign(new Lists(), lists) };
      const answer: unknown = cel.evaluate(when, context);
      if (typeof answer !== 'boolean') throw new Error('no condition');
      return answer;
    } catch (error) {
      return describeFailure(error);
    }
  };
}

function contextOf({ connection, endpoint, target, consumer }: Facts): Record<string, object> {
  const counts = Object.entries(consumer ?? {}).map(([name, count]) => [name, BigInt(Number(count))]);
  return {
    connection: Object.assign(new Connection(), connection),
    endpoint: Object.assign(new Endpoint(), endpoint),
    target: Object.assign(new Target(), target),
    consumer: Object.assign(new Consumer(), Object.fromEntries(counts)),
  };
}
