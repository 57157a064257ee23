/**
 * What a worker loads at its first invocation, behind one dynamic import: three imports would make
 * the bundler cut their shared modules into small chunks, and each chunk costs a cold start a
 * millisecond.
 */
export { compose } from './compose';
export { readConfig } from './config/config';
export { createPlatform } from './platform';
