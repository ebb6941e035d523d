import type { CheckResult } from '../flows/check-result.ts';
import type { Format } from './format.ts';
import { jsonText } from './json-text.ts';

/** The result as it is; `version` changes when its shape does. */
export const json: Format = {
  name: 'json',
  pathsFrom: 'argument',
  render: (result: CheckResult) => jsonText(result),
};
