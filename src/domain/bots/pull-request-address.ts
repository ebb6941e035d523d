/** A pull request by the address that people see it at. */
export type PullRequestAddress = {
  /** Of its repository. */
  readonly repositoryUrl: URL;
  /** `acme/shop`, on GitLab with subgroups. */
  readonly repository: string;
  readonly id: string;
};

/** Reads `https://HOST/OWNER/NAME/pull/1` and `https://HOST/GROUP/…/NAME/-/merge_requests/1`; `undefined` for what is neither. */
export function parsePullRequestAddress(text: string): PullRequestAddress | undefined {
  if (text.length > 2000 || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return undefined;
  const found = /^\/([\w.~-]+(?:\/[\w.~-]+)+)\/(?:pull|-\/merge_requests)\/([1-9]\d{0,9})(?:\/[a-z]+)?\/?$/.exec(
    url.pathname,
  );
  const [, repository, id] = found ?? [];
  if (repository === undefined || id === undefined) return undefined;
  return { repositoryUrl: new URL(`/${repository}`, url), repository, id };
}
