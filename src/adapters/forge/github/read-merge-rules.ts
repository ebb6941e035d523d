import {
  asObject,
  type JsonObject,
  listMember,
  member,
  objectMember,
  textMember,
} from '../../../domain/image/json-value.ts';
import type { MergeMethod } from '../../../domain/merge/automerge-settings.ts';
import type { MergeRules } from '../../../domain/merge/checks.ts';
import { ForgeError } from '../../../ports/forge.ts';
import { objectOf } from './github-answer.ts';
import type { GithubClient } from './github-client.ts';
import { nameOf } from './route-names.ts';

const settings: readonly (readonly [MergeMethod, string])[] = [
  ['merge', 'allow_merge_commit'],
  ['squash', 'allow_squash_merge'],
  ['rebase', 'allow_rebase_merge'],
];

type RequiredChecks = NonNullable<MergeRules['requiredChecks']>;

/**
 * Out of branch protection and of rulesets: what whoever may read the repository is shown of them, so that nobody has to be its
 * administrator for that.
 */
export function createReadMergeRules(client: GithubClient) {
  /** Older Enterprise Servers have no rulesets. */
  async function listRules(doing: string, asked: { owner: string; repo: string; branch: string }) {
    try {
      return (await client.list(doing, 'GET /repos/{owner}/{repo}/rules/branches/{branch}', asked)).items;
    } catch (error) {
      if (error instanceof ForgeError && error.code === 'not-found') return [];
      throw error;
    }
  }

  return async (repository: string, branch: string): Promise<MergeRules> => {
    const doing = `read the rules of ${branch} in ${repository}`;
    const name = nameOf(repository);
    const repositoryAnswer = objectOf(await client.ask(doing, 'GET /repos/{owner}/{repo}', name), doing);
    const shown = await client.askMaybe(doing, 'GET /repos/{owner}/{repo}/branches/{branch}', { ...name, branch });
    const rules = await listRules(doing, { ...name, branch });
    const allowsAutoMerge = member(repositoryAnswer, 'allow_auto_merge');
    const ruled = methodsIn(rules);
    return {
      requiredChecks: [...ofProtection(asObject(shown?.data)), ...rules.flatMap(ofRule)],
      coversAll: false,
      allowsAutoMerge: typeof allowsAutoMerge === 'boolean' ? allowsAutoMerge : undefined,
      methods: settings
        .filter(([, setting]) => member(repositoryAnswer, setting) !== false)
        .map(([method]) => method)
        .filter((method) => ruled.every((allowed) => allowed.includes(method))),
    };
  };
}

function ofProtection(branch: JsonObject | undefined): RequiredChecks {
  const required = objectMember(objectMember(branch, 'protection'), 'required_status_checks');
  if (required === undefined || textMember(required, 'enforcement_level') === 'off') return [];
  const checks = (listMember(required, 'checks') ?? []).map(asObject);
  const named = checks.flatMap((check) => requiredOf(textMember(check, 'context'), member(check, 'app_id')));
  const contexts = (listMember(required, 'contexts') ?? []).filter((one) => typeof one === 'string');
  return [
    ...named,
    ...contexts.filter((context) => !named.some(({ name }) => name === context)).map((name) => ({ name })),
  ];
}

function ofRule(rule: JsonObject): RequiredChecks {
  if (textMember(rule, 'type') !== 'required_status_checks') return [];
  const checks = listMember(objectMember(rule, 'parameters'), 'required_status_checks') ?? [];
  return checks
    .map(asObject)
    .flatMap((check) => requiredOf(textMember(check, 'context'), member(check, 'integration_id')));
}

function requiredOf(name: string | undefined, appId: unknown): RequiredChecks {
  // -1: any app may say so.
  const isOfApp = typeof appId === 'number' && appId > 0;
  return name === undefined ? [] : [{ name, ...(isOfApp ? { appId } : {}) }];
}

/** What each rule on pull requests allows. */
function methodsIn(rules: readonly JsonObject[]): readonly (readonly unknown[])[] {
  return rules
    .filter((rule) => textMember(rule, 'type') === 'pull_request')
    .flatMap((rule) => {
      const methods = listMember(objectMember(rule, 'parameters'), 'allowed_merge_methods');
      return methods === undefined ? [] : [methods];
    });
}
