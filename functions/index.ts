import type * as FailedStart from './failed-start';

// The deployed entry point. An error before the first registration would leave an app without
// functions, and neither the host nor Azure would report it. So this file needs nothing that could
// fail, and reports whatever fails to load.
const fallback = './failed-start.mjs';

try {
  const { registered } = await import('./register');
  await registered;
} catch (error) {
  const { registerFailedStart } = await import(fallback).then(
    (module) => module as typeof FailedStart,
    () => Promise.reject(error as Error),
  );
  registerFailedStart(error);
}
