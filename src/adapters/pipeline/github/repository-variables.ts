import { textMember } from '../../../domain/image/json-value.ts';
import type { Pipeline } from '../../../ports/pipeline.ts';
import type { Session } from './session.ts';

/** Whether a token may is told before whether there is one: removing what nobody keeps tells it, and changes nothing. */
const neverKept = 'BASEKEEPER_NEVER_KEPT';

/** State as one repository variable per name. Needs a token that may write variables, which a job's own never may. */
export function repositoryVariables({ ask }: Session): Pick<Pipeline, 'readState' | 'prepareState' | 'writeState'> {
  return {
    async readState(names) {
      const read = names.map(async (name): Promise<readonly (readonly [string, string])[]> => {
        const purpose = { doing: `read the repository variable ${name}`, permission: 'Variables: read' } as const;
        const { status, body } = await ask(purpose, { method: 'GET', path: ['actions', 'variables', name] }, [404]);
        const value = status === 404 ? undefined : textMember(body, 'value');
        return value === undefined ? [] : [[name, value]];
      });
      return new Map((await Promise.all(read)).flat());
    },
    async prepareState() {
      const purpose = { doing: 'write repository variables', permission: 'Variables: write' } as const;
      await ask(purpose, { method: 'DELETE', path: ['actions', 'variables', neverKept] }, [404]);
    },
    async writeState(changes) {
      for (const { name, value } of changes) {
        const path = ['actions', 'variables', name];
        const purpose = {
          doing: `${value === undefined ? 'remove' : 'write'} the repository variable ${name}`,
          permission: 'Variables: write',
        } as const;
        if (value === undefined) {
          await ask(purpose, { method: 'DELETE', path }, [404]);
          continue;
        }
        const { status } = await ask(purpose, { method: 'PATCH', path, body: { name, value } }, [404]);
        if (status === 404)
          await ask(purpose, { method: 'POST', path: ['actions', 'variables'], body: { name, value } });
      }
    },
  };
}
