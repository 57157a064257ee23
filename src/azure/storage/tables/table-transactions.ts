import type { TransactionAction } from '@azure/data-tables';

const maxActions = 100;
/** A transaction's body holds 4 MiB; its frame and a character's three bytes want room. */
const maxCharacters = 1_200_000;

/** Cuts actions, in order, into transactions that the table service takes: 100 actions and 4 MiB each. */
export function splitIntoTransactions(actions: readonly TransactionAction[]): TransactionAction[][] {
  const transactions: TransactionAction[][] = [];
  let characters = 0;
  for (const action of actions) {
    const size = JSON.stringify(action[1]).length;
    const last = transactions.at(-1);
    if (last === undefined || last.length === maxActions || characters + size > maxCharacters) {
      transactions.push([action]);
      characters = size;
    } else {
      last.push(action);
      characters += size;
    }
  }
  return transactions;
}
