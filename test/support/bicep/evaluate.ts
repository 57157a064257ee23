import { callPure, same, type Callback } from './functions';
import type { Expression, Lambda, ObjectNode } from './syntax';
import { isObject, isUnknown, Reference, shown, textOf, Unknown, type Value } from './values';

/** What the names in an expression stand for. */
export interface Scope {
  /** `undefined`: the name stands for nothing known. */
  valueOf(name: string): Value | undefined;
  /** A function that the file declares. */
  functionOf(name: string): Callback | undefined;
  /** What a file holds that is loaded into the template. */
  load(how: string, path: string): Value;
}

/** What an expression comes to. Without Azure much is unknown; nothing is guessed. */
export function evaluate(expression: Expression, scope: Scope): Value {
  const of = (inner: Expression): Value => evaluate(inner, scope);
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'text':
      return textValue(expression.parts, expression.holes.map(of));
    case 'name':
      return namedValue(scope, expression.name, expression.name);
    case 'array':
      return expression.items.flatMap((item): Value[] => {
        if (item.kind !== 'spread') return [of(item)];
        const value = of(item.value);
        return Array.isArray(value) ? value : [value];
      });
    case 'object':
      return objectValue(expression, scope);
    case 'member':
      return memberOf(of(expression.object), expression.name);
    case 'nested':
      return namedValue(scope, expression.name, textOf(expression));
    case 'index':
      return elementOf(of(expression.object), of(expression.index));
    case 'call':
      return callValue(expression, scope);
    case 'unary':
      return unaryValue(expression.operator, of(expression.operand));
    case 'binary':
      return binaryValue(expression, scope);
    case 'ternary': {
      const condition = of(expression.condition);
      if (condition === true) return of(expression.yes);
      if (condition === false) return of(expression.no);
      return new Unknown(textOf(expression), [of(expression.yes), of(expression.no)]);
    }
    case 'loop':
      return loopValue(expression, scope);
    case 'if':
      return of(expression.body);
    case 'lambda':
      return new Unknown('lambda');
  }
}

function namedValue(scope: Scope, name: string, text: string): Value {
  const value = scope.valueOf(name);
  return value === undefined ? new Unknown(text) : value;
}

function textValue(parts: readonly string[], holes: readonly Value[]): Value {
  return parts.map((part, index) => (index === 0 ? part : `${shown(holes[index - 1])}${part}`)).join('');
}

function objectValue({ entries }: ObjectNode, scope: Scope): Value {
  const result: { [name: string]: Value } = {};
  for (const entry of entries) {
    if (entry.kind === 'property') {
      const key = evaluate(entry.key, scope);
      result[shown(key)] = evaluate(entry.value, scope);
    } else if (entry.kind === 'spread') {
      const value = evaluate(entry.value, scope);
      if (isObject(value)) Object.assign(result, value);
    }
  }
  return result;
}

function memberOf(object: Value, name: string): Value {
  if (object instanceof Reference) return object.member(name);
  if (isUnknown(object)) {
    const options = object.options.map((option) => memberOf(option, name));
    return new Unknown(`${object.text}.${name}`, options);
  }
  return isObject(object) ? (object[name] ?? null) : null;
}

function elementOf(object: Value, index: Value): Value {
  if (object instanceof Reference) return object;
  if (Array.isArray(object) && typeof index === 'number') return object[index] ?? null;
  if (typeof index === 'string') return memberOf(object, index);
  return new Unknown(`${shown(object)}[${shown(index)}]`);
}

function callValue(call: Extract<Expression, { kind: 'call' }>, scope: Scope): Value {
  const { name, args } = call;
  const text = textOf(call);
  const values = args.map((arg) => (arg.kind === 'lambda' ? callbackOf(arg, scope) : evaluate(arg, scope)));
  const [first] = values;
  if (/^load(?:Text|Json|Yaml)Content$/.test(name) && typeof first === 'string')
    return scope.load(name, first);
  const own = call.on === undefined ? scope.functionOf(name) : undefined;
  return own === undefined ? callPure(name, values, text) : own(...(values as Value[]));
}

function callbackOf({ names, body }: Lambda, scope: Scope): Callback {
  return (...args) => evaluate(body, withLocals(scope, names, args));
}

/** A scope with some more names. */
export function withLocals(scope: Scope, names: readonly string[], values: readonly Value[]): Scope {
  return {
    functionOf: (name) => scope.functionOf(name),
    load: (how, path) => scope.load(how, path),
    valueOf: (name) => {
      const index = names.indexOf(name);
      return index === -1 ? scope.valueOf(name) : (values[index] ?? null);
    },
  };
}

function unaryValue(operator: string, operand: Value): Value {
  if (operator === '!' && typeof operand === 'boolean') return !operand;
  if (operator === '-' && typeof operand === 'number') return -operand;
  return new Unknown(`${operator}${shown(operand)}`);
}

function binaryValue(expression: Extract<Expression, { kind: 'binary' }>, scope: Scope): Value {
  const { operator } = expression;
  const left = evaluate(expression.left, scope);
  if (operator === '&&' && left === false) return false;
  if (operator === '||' && left === true) return true;
  if (operator === '??' && !isUnknown(left)) return left ?? evaluate(expression.right, scope);
  const right = evaluate(expression.right, scope);
  if (isUnknown(left) || isUnknown(right)) return new Unknown(textOf(expression));
  switch (operator) {
    case '&&':
    case '||':
      return right;
    case '==':
      return same(left, right);
    case '!=':
      return !same(left, right);
    case '=~':
      return shown(left).toLowerCase() === shown(right).toLowerCase();
    case '!~':
      return shown(left).toLowerCase() !== shown(right).toLowerCase();
    default:
      return arithmetic(operator, Number(left), Number(right));
  }
}

function arithmetic(operator: string, left: number, right: number): Value {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return Math.trunc(left / right);
    case '%':
      return left % right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    default:
      return left >= right;
  }
}

function loopValue({ names, source, body }: Extract<Expression, { kind: 'loop' }>, scope: Scope): Value {
  return iterations(names, evaluate(source, scope), scope).map((inner) => evaluate(body, inner));
}

/** One scope for each turn of a loop; over something unknown, one for any. */
export function iterations(names: readonly string[], source: Value, scope: Scope): Scope[] {
  const items: Value[] = Array.isArray(source) ? source : [new Unknown(names[0] ?? 'item')];
  return items.map((item, index) => withLocals(scope, names, [item, index]));
}
