import type { Forge, IssueDraft, KeptIssue } from '../../ports/forge.ts';

/** What a forge has to have for it. Bodies are as the forge keeps them, with their marker. */
export type IssueApi = {
  /** Open ones that our credential opened. */
  listOwn(repository: string): Promise<readonly KeptIssue[]>;
  open(repository: string, draft: Pick<IssueDraft, 'title' | 'body'>): Promise<KeptIssue>;
  change(repository: string, id: string, draft: Pick<IssueDraft, 'title' | 'body'>): Promise<void>;
  close(repository: string, id: string): Promise<void>;
  isOpen(repository: string, id: string): Promise<boolean>;
};

/** Issues of ours, each known by the marker that its body begins with. */
export function createKeepIssues(api: IssueApi): Pick<Forge, 'findIssue' | 'writeIssue' | 'closeIssue'> {
  /** The first opened first. */
  async function list(repository: string, marker: string): Promise<readonly KeptIssue[]> {
    const start = startOf(marker);
    return (await api.listOwn(repository))
      .map((issue) => ({ ...issue, body: plain(issue.body) }))
      .filter(({ body }) => body.startsWith(start))
      .map((issue) => ({ ...issue, body: issue.body.slice(start.length) }))
      .sort((a, b) => Number(a.id) - Number(b.id));
  }

  /** Others are of runs that opened one at the same time. */
  async function keepFirst(repository: string, found: readonly KeptIssue[]): Promise<KeptIssue | undefined> {
    const [first, ...others] = found;
    for (const { id } of others) await api.close(repository, id);
    return first;
  }

  return {
    findIssue: async (repository, marker) => (await list(repository, marker))[0],

    async writeIssue(repository, { marker, title, body }) {
      const draft = { title, body: startOf(marker) + plain(body) };
      const present = await keepFirst(repository, await list(repository, marker));
      if (present === undefined) {
        const opened = await api.open(repository, draft);
        // The list may not have it yet.
        const others = (await list(repository, marker)).filter(({ id }) => Number(id) < Number(opened.id));
        if (others.length > 0) await api.close(repository, opened.id);
        return { ...(others[0] ?? opened), title, body };
      }
      if (present.title !== title || present.body !== plain(body)) await api.change(repository, present.id, draft);
      return { ...present, title, body };
    },

    async closeIssue(repository, id) {
      if (await api.isOpen(repository, id)) await api.close(repository, id);
    },
  };
}

/** Shown to nobody. */
function startOf(marker: string): string {
  return `<!-- basekeeper:${marker} -->\n`;
}

/** Forges change ends of lines and of texts. */
function plain(text: string): string {
  return text.replaceAll('\r\n', '\n').trimEnd();
}
