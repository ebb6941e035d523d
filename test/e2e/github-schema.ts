import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { parseAction } from '@actions/workflow-parser/actions/action-parser';

/** What GitHub's own reader finds in a file against its schema. It imports JSON as bundlers take it: read it by `github-files.ts`. */
const faults = (parse: typeof parseWorkflow | typeof parseAction) => (content: string) => {
  const { context } = parse({ name: 'file.yml', content }, new NoOperationTraceWriter());
  return context.errors.getErrors().map(({ message }) => message);
};

export const workflowFaults = faults(parseWorkflow);
export const actionFaults = faults(parseAction);
