import { clausesOf, sourceOf } from '../../../../src/policy/cel/ast';
import { createEnvironment } from '../../../../src/policy/cel/environment';

const { cel } = createEnvironment(new Map());

test.each<[string, readonly string[]]>([
  ['a == b && c', ['a == b', 'c']],
  ['!(a in b) && c', ['!(a in b)', 'c']],
  ['a && (b || c)', ['a', 'b || c']],
  ['((a) == (b)) && !( (c) )', ['(a) == (b)', '!( (c) )']],
  ['(a) == ")" && !(b == "(")', ['(a) == ")"', '!(b == "(")']],
  ["f(a, (b)) && (f(')') || (c))", ['f(a, (b))', "f(')') || (c)"]],
])('the clauses of %s keep the brackets that they need', (text, parts) => {
  expect(clausesOf(cel.parse(text).ast).map(sourceOf)).toEqual(parts);
});
