import { PosternError } from '../../base/errors';
import {
  parseConnectionId,
  parseResourceId,
  parseTargetId,
  type TargetId,
} from '../../connections/resource-id';
import { liftLimit, type LiftPorts } from '../../review/limits/lift-limit';
import { requestRetry, type RequestRetryPorts } from '../../review/queue/request-retry';
import { answerSchema, liftSchema, retrySchema, withdrawSchema } from '../answers/check-answer';
import { type AnswerPorts, takeAnswer } from '../answers/take-answer';
import { withdrawAnswer } from '../answers/withdraw-answer';
import type { DoneReply, LiftReply } from '../api';
import { ConsoleError, jsonReply } from '../http/message';
import { readJson } from '../http/read-json';
import type { Route } from '../http/route';
import { connectionIdFrom } from '../question/question';
import type { Person } from '../sign-in/person';
import type { OnePerPerson } from './one-per-person';

/** The ports of `createChangeRoutes`. */
export interface ChangePorts extends Omit<AnswerPorts, 'operations'>, LiftPorts, RequestRetryPorts {
  readonly onePerPerson: OnePerPerson;
}

const done: DoneReply = { state: 'done' };

/** Creates the routes by which people answer, and by which operators retry and lift. */
export function createChangeRoutes(ports: ChangePorts): readonly (readonly [string, Route])[] {
  return [
    ['api/answer', answerRoute(ports)],
    ['api/withdraw', withdrawRoute(ports)],
    ['api/retry', retryRoute(ports)],
    ['api/lift', liftRoute(ports)],
  ];
}

function answerRoute(ports: ChangePorts): Route {
  return {
    method: 'POST',
    role: 'Postern.Approver',
    async answer(message, person) {
      const request = await readJson(message, answerSchema);
      const id = connectionIdFrom(request.id);
      const reply = await ports.onePerPerson(person, () => takeAnswer(ports, { id, person, request }));
      return jsonReply(202, reply);
    },
  };
}

function withdrawRoute(ports: ChangePorts): Route {
  return {
    method: 'POST',
    role: 'Postern.Approver',
    async answer(message, person) {
      const request = await readJson(message, withdrawSchema);
      const { decisionId } = request;
      await withdrawAnswer(ports, { id: connectionIdFrom(request.id), decisionId, person });
      return jsonReply(202, done);
    },
  };
}

function retryRoute(ports: ChangePorts): Route {
  return {
    method: 'POST',
    role: 'Postern.Operator',
    async answer(message, person) {
      const { id } = await readJson(message, retrySchema);
      await requestRetry(ports, targetFrom(id), nameOf(person));
      return jsonReply(202, done);
    },
  };
}

function liftRoute(ports: ChangePorts): Route {
  return {
    method: 'POST',
    role: 'Postern.Operator',
    async answer(message, person) {
      const { kind } = await readJson(message, liftSchema);
      const reply: LiftReply = { state: 'done', released: await liftLimit(ports, kind, nameOf(person)) };
      return jsonReply(202, reply);
    },
  };
}

function nameOf({ name, oid }: Person): string {
  return `${name} (${oid})`;
}

/** Parses the id of a target, or of a connection of one. @throws ConsoleError BAD_REQUEST */
function targetFrom(text: string): TargetId {
  try {
    const isConnection = /\/privateendpointconnections$/i.test(parseResourceId(text).type);
    return isConnection ? parseConnectionId(text).target : parseTargetId(text);
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    throw new ConsoleError('BAD_REQUEST', 'This is not the id of a target or a connection.');
  }
}
