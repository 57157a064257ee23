import * as z from '../../base/schema/schema';
import { defaultChoice, type TypeChoice, unknownWords } from '../../connections/chosen-types';
import type { ConfigProblem } from '../config-error';
import { setting } from '../optional-text';
import { isStorageUrl } from '../storage-host';

/** The most words, and the longest, of the setting. */
const most = { words: 300, length: 200 };

/** The settings that choose the types of target. */
export const typeSettings = {
  TARGET_TYPES: setting((text, context): TypeChoice => {
    const words = (text ?? '').split(/[,;\s]+/).filter((word) => word !== '');
    if (words.length > most.words || words.some(({ length }) => length > most.length)) {
      return z.refuse(context, 'must be at most 300 types or services, separated by commas');
    }
    return words.length === 0 ? defaultChoice : words;
  }),
  TARGET_TYPES_PATH: setting((text, context) => {
    if (text === undefined || !/^https?:\/\//i.test(text)) return text;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const rest = url && url.search + url.hash + url.username + url.password;
    if (rest === '' && isStorageUrl(text, 'blob')) return text;
    return z.refuse(
      context,
      'must be a file, or a blob in a storage account over https, without credentials or a query: the identity’s token goes there',
    );
  }),
};

/**
 * Returns what is wrong with the choice. With a table of one's own, it can be known only after that is read.
 */
export function choiceProblems(choice: TypeChoice): readonly ConfigProblem[] {
  const wrong = unknownWords(choice);
  if (wrong.length === 0) return [];
  const entries =
    wrong.length === 1 ? `entry ${wrong.join()} is` : `entries ${wrong.slice(0, 5).join(', ')} are`;
  const problem = `must be types or services that \`postern types\` lists, or \`recorded\` or \`all\`, separated by commas; ${entries} not`;
  return [{ setting: 'TARGET_TYPES', problem }];
}
