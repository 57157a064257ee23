import { app } from '@azure/functions';
import { hasConsole } from '../src/app';
// Each of these files registers its trigger when it is loaded.
import './follow-policy';
import './on-abandoned';
import './on-resource-event';
import './poll-operation';
import './review-target';
import './sweep';
import './tell-outcome';
import * as worker from './worker';

/** Resolves once everything is registered. An app without the console loads nothing of it. */
export const registered: Promise<void> = hasConsole()
  ? import('./console').then(({ registerConsole }) => registerConsole({ app, worker }))
  : Promise.resolve();
