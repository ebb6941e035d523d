import { type PolicyFile, policyFileSchema, policyJsonSchema } from './policy-schema.ts';
import { type FileProblem, type FileReading, type ReadFile, readYaml } from './read-yaml.ts';

export type PolicyProblem = FileProblem;
export type ReadPolicyFile = ReadFile<PolicyFile>;

/** Text → policy file, or every problem in it with its line. */
export function readPolicyFile(text: string, name: string): FileReading<PolicyFile> {
  return readYaml(text, name, { what: 'the policy file', schema: policyFileSchema, jsonSchema: policyJsonSchema });
}
