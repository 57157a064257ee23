import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** Leaves out `logger.info(…)`: it says how things go on, and nobody compares its words. Warnings and errors are read. */
const ignorer = {
  shouldIgnore(path) {
    if (!path.isCallExpression()) return undefined;
    const callee = path.get('callee');
    const isInfo = callee.isMemberExpression() && callee.get('property').isIdentifier({ name: 'info' });
    return isInfo && /(^|\.)logger$/.test(callee.get('object').toString())
      ? 'only a line in the log'
      : undefined;
  },
};

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, 'log-lines', ignorer)];
