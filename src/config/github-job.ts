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
  /** `refs/heads/main`, of a pull request `refs/pull/1/merge` */
  readonly ref?: string;
  /** The commit that the job runs on. */
  readonly revision?: string;
  /** A secret. */
  readonly token?: string;
  readonly outputFile?: string;
  readonly summaryFile?: string;
  /** JSON of what started the job. */
  readonly eventFile?: string;
  /** Emptied before each job. */
  readonly temporaryFolder?: string;
  /** `INPUT_CONFIG-FILE` for `config-file`, as the runner sets it, or `INPUT_CONFIG_FILE`, as a shell can; empty is absent. */
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
    ref: written('GITHUB_REF'),
    revision: written('GITHUB_SHA'),
    branch: /^refs\/heads\/(.+)$/.exec(written('GITHUB_REF') ?? '')?.[1],
    token: written('GITHUB_TOKEN') ?? written('GH_TOKEN'),
    outputFile: written('GITHUB_OUTPUT'),
    summaryFile: written('GITHUB_STEP_SUMMARY'),
    eventFile: written('GITHUB_EVENT_PATH'),
    temporaryFolder: written('RUNNER_TEMP'),
  };
  return {
    isJob: variables['GITHUB_ACTIONS'] === 'true',
    apiUrl: written('GITHUB_API_URL') ?? 'https://api.github.com',
    input: (name) =>
      written(`INPUT_${name.toUpperCase()}`) ?? written(`INPUT_${name.toUpperCase().replaceAll('-', '_')}`),
    ...(values.repository === undefined ? {} : { repository: values.repository }),
    ...(values.ref === undefined ? {} : { ref: values.ref }),
    ...(values.revision === undefined ? {} : { revision: values.revision }),
    ...(values.branch === undefined ? {} : { branch: values.branch }),
    ...(values.token === undefined ? {} : { token: values.token }),
    ...(values.outputFile === undefined ? {} : { outputFile: values.outputFile }),
    ...(values.summaryFile === undefined ? {} : { summaryFile: values.summaryFile }),
    ...(values.eventFile === undefined ? {} : { eventFile: values.eventFile }),
    ...(values.temporaryFolder === undefined ? {} : { temporaryFolder: values.temporaryFolder }),
  };
}
