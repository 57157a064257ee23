import { sourceOf } from '../../../../src/policy/cel/ast';
import { conjunctsOf } from '../../../../src/policy/cel/constant-value';
import { createEnvironment } from '../../../../src/policy/cel/environment';

const { cel } = createEnvironment(new Map());

test.each<[string, readonly string[]]>([
  ['a == b && c', ['a == b', 'c']],
  ['!(a in b) && c', ['!(a in b)', 'c']],
  ['a && (b || c)', ['a', 'b || c']],
  ['((a) == (b)) && !( (c) )', ['(a) == (b)', '!( (c) )']],
  ['(a) == ")" && !(b == "(")', ['(a) == ")"', '!(b == "(")']],
  ["f(a, (b)) && (f(')') || (c))", ['f(a, (b))', "f(')') || (c)"]],
])('the operands of %s are told with the brackets that they need', (text, parts) => {
  expect(conjunctsOf(cel.parse(text).ast).map(sourceOf)).toEqual(parts);
});
