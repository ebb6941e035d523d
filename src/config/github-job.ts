/** What a job of GitHub Actions is told in its environment; all of it absent elsewhere. */
export type GithubJob = {
  /** What is written becomes annotations. */
  readonly isJob: boolean;
  /** `acme/shop` */
  readonly repository?: string;
  /** `https://api.github.com` */
  readonly apiUrl: string;
  /** The branch that the job runs on; absent for a tag or a pull request. */
  readonly branch?: string;
  /** A secret. */
  readonly token?: string;
  readonly outputFile?: string;
  readonly summaryFile?: string;
  /** `INPUT_CONFIG_FILE` for `config-file`; empty is absent. */
  readonly input: (name: string) => string | undefined;
};

type Variables = Readonly<Record<string, string | undefined>>;

export function readGithubJob(variables: Variables): GithubJob {
  const written = (name: string) => {
    const value = variables[name];
    return value === undefined || value.trim() === '' ? undefined : value;
  };
  const values = {
    repository: written('GITHUB_REPOSITORY'),
    branch: /^refs\/heads\/(.+)$/.exec(written('GITHUB_REF') ?? '')?.[1],
    token: written('GITHUB_TOKEN') ?? written('GH_TOKEN'),
    outputFile: written('GITHUB_OUTPUT'),
    summaryFile: written('GITHUB_STEP_SUMMARY'),
  };
  return {
    isJob: variables['GITHUB_ACTIONS'] === 'true',
    apiUrl: written('GITHUB_API_URL') ?? 'https://api.github.com',
    input: (name) => written(`INPUT_${name.toUpperCase().replaceAll('-', '_')}`),
    ...(values.repository === undefined ? {} : { repository: values.repository }),
    ...(values.branch === undefined ? {} : { branch: values.branch }),
    ...(values.token === undefined ? {} : { token: values.token }),
    ...(values.outputFile === undefined ? {} : { outputFile: values.outputFile }),
    ...(values.summaryFile === undefined ? {} : { summaryFile: values.summaryFile }),
  };
}
