import { jsonReply } from '../http/message';
import type { Route } from '../http/route';
import type { ReadQuestion } from '../question/question';
import { connectionIdFrom } from '../question/question';
import type { ViewQuestion } from '../question/view';
import type { OnePerPerson } from './one-per-person';

/** The ports of `createConnectionRoute`. */
export interface ConnectionPorts {
  readonly readQuestion: ReadQuestion;
  readonly view: ViewQuestion;
  readonly onePerPerson: OnePerPerson;
}

/** Creates the route that shows one connection as Azure has it now, and what the policy decides about it. */
export function createConnectionRoute({ readQuestion, view, onePerPerson }: ConnectionPorts): Route {
  return {
    method: 'GET',
    role: 'Postern.Viewer',
    async answer({ url }, person) {
      const id = connectionIdFrom(url.searchParams.get('id'));
      const question = await onePerPerson(person, () => readQuestion(id));
      return jsonReply(200, view(question, person));
    },
  };
}
