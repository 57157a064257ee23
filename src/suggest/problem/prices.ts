/**
 * The prices of a policy, in bits. Learning finds the policy with the lowest total: its own length, the price of its width,
 * and the price of each decision of a person that it contradicts.
 */
export const prices = {
  /** An approval that no rule explains. */
  missed: 8,
  /** A rejection that some rule would approve: twice as much, because a wrong approval is the worse mistake. */
  contradicted: 16,
  /** A request that nobody has answered and that some rule would approve. */
  unanswered: 1,
  /** A rule, before its parts. */
  rule: 4,
  /** The choice among the kinds of requesters. */
  kind: 3,
  /** A value in a set, besides the choice of the values: a line that somebody has to read. */
  value: 1,
  /** A target, or a subscription of targets, that a condition names: such a list is never complete. */
  named: 4,
} as const;

const logFactorials: number[] = [0];

/** Returns the binary logarithm of n!. */
function logFactorial(n: number): number {
  for (let next = logFactorials.length; next <= n; next++)
    logFactorials.push((logFactorials[next - 1] ?? 0) + Math.log2(next));
  return logFactorials[n] ?? 0;
}

/** Returns the number of bits that name `chosen` of `all` things: the binary logarithm of the binomial coefficient. */
export function bitsToChoose(all: number, chosen: number): number {
  if (chosen <= 0 || chosen >= all) return 0;
  return logFactorial(all) - logFactorial(chosen) - logFactorial(all - chosen);
}

/** Returns the number of bits of a set of `chosen` values out of `all`. */
export function bitsOfSet(all: number, chosen: number): number {
  return Math.log2(all + 1) + bitsToChoose(all, chosen) + prices.value * chosen;
}
