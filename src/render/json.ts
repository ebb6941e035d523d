import type { CheckResult } from '../flows/check-result.ts';
import type { Format } from './format.ts';

/** The result as it is; `version` changes when its shape does. */
export const json: Format = {
  name: 'json',
  pathsFrom: 'argument',
  render: (result: CheckResult) => `${JSON.stringify(result, undefined, 2)}\n`,
};
