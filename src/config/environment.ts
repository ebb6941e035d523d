import { homedir } from 'node:os';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

/** All that the program takes from its environment; nothing else reads `process.env`. */
export type Environment = {
  /** Set by every CI service: an unknown verdict fails then. */
  readonly isCi: boolean;
  /** https://no-color.org: any non-empty value. */
  readonly noColor: boolean;
  readonly isDumbTerminal: boolean;
  /** Where a refresh leaves its catalog; `undefined` for `BASEKEEPER_CATALOG=shipped`, which wants the package's own. */
  readonly catalogFolder: string | undefined;
};

export function readEnvironment(variables: Variables = process.env): Environment {
  const { CI: ci, NO_COLOR: noColor, TERM: terminal } = variables;
  return {
    isCi: ci !== undefined && ci !== '' && ci !== 'false' && ci !== '0',
    noColor: noColor !== undefined && noColor !== '',
    isDumbTerminal: terminal === 'dumb',
    catalogFolder: catalogFolder(variables),
  };
}

type Variables = Readonly<Record<string, string | undefined>>;

/** What only commands need that ask the world: not read by those that start up fast. */
export type WorldEnvironment = {
  /** The absolute folders of PATH: a relative one could hold a program of the tree that is read. */
  readonly executableFolders: readonly string[];
  readonly credentials: CredentialPlaces;
  readonly proxies: Proxies;
  /** The ledger lies here. Absent where no home is known. */
  readonly stateFolder?: string;
  /** What can be fetched again lies here. */
  readonly cacheFolder?: string;
  /** Names of the variables that hold a token of a forge; never their values. */
  readonly forgeTokens: readonly string[];
  readonly gitlab: GitlabVariables;
  readonly github: GithubVariables;
  readonly trivy: TrivyVariables;
};

/** Which Trivy is asked; never what a repository says. */
export type TrivyVariables = {
  /** A path; absent: the one on PATH. */
  readonly program?: string;
  /** The address of a server, as written. */
  readonly server?: string;
  /** Where the program keeps its database. */
  readonly cacheFolder?: string;
  /** The database is used as it lies there. */
  readonly isDatabaseKept: boolean;
};

/** Of GitHub, as gh and GitHub's own jobs have them; tokens and the key are secrets. */
export type GithubVariables = {
  /** `https://github.com`, where the job runs. */
  readonly serverUrl?: string;
  /** Of that server. */
  readonly apiUrl?: string;
  /** A host or an address, of an Enterprise GitHub. */
  readonly host?: string;
  readonly token?: string;
  readonly enterpriseToken?: string;
  /** GITHUB_TOKEN, which everybody may set; a running job's own only where `isInJob`. */
  readonly jobToken?: string;
  readonly isInJob: boolean;
  readonly appId?: string;
  readonly appPrivateKey?: string;
  readonly appPrivateKeyFile?: string;
};

/** Of one GitLab, as glab and GitLab's own jobs have them; tokens are secrets. */
export type GitlabVariables = {
  /** `https://gitlab.corp.example`, where the job runs. */
  readonly serverUrl?: string;
  /** A host or an address; wins over the job's. */
  readonly host?: string;
  readonly token?: string;
  readonly jobToken?: string;
};

/** Where Docker and Podman keep credentials; all absolute. */
export type CredentialPlaces = {
  /** Content of DOCKER_AUTH_CONFIG: holds secrets. */
  readonly dockerAuthConfig?: string;
  /** Absent where the user has none (a container with a user of no name). */
  readonly home?: string;
  readonly dockerConfigFolder?: string;
  readonly registryAuthFile?: string;
  readonly runtimeFolder?: string;
  readonly configFolder?: string;
};

/** As written; may hold a user and a password. `no`: hosts that are asked directly. */
export type Proxies = { readonly http?: string; readonly https?: string; readonly no?: string };

export function readWorldEnvironment(variables: Variables = process.env): WorldEnvironment {
  const home = absolute(variables['HOME']) ?? homeOfUser();
  const under = (...parts: readonly string[]) => (home === undefined ? undefined : join(home, ...parts));
  // A relative path in an XDG variable is to be ignored, says the XDG base directory specification; one in ours is a wish.
  const stateHome = absolute(variables['XDG_STATE_HOME']) ?? under('.local', 'state');
  const cacheHome = absolute(variables['XDG_CACHE_HOME']) ?? under('.cache');
  return {
    executableFolders: [...new Set((variables['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder)))],
    credentials: defined({
      home,
      dockerAuthConfig: written(variables['DOCKER_AUTH_CONFIG']),
      dockerConfigFolder: resolved(variables['DOCKER_CONFIG']) ?? under('.docker'),
      registryAuthFile: resolved(variables['REGISTRY_AUTH_FILE']),
      runtimeFolder: absolute(variables['XDG_RUNTIME_DIR']),
      configFolder: absolute(variables['XDG_CONFIG_HOME']) ?? under('.config'),
    }),
    proxies: defined({
      http: written(variables['http_proxy']) ?? written(variables['HTTP_PROXY']),
      https: written(variables['https_proxy']) ?? written(variables['HTTPS_PROXY']),
      no: written(variables['no_proxy']) ?? written(variables['NO_PROXY']),
    }),
    ...defined({
      stateFolder:
        resolved(variables['BASEKEEPER_STATE']) ??
        (stateHome === undefined ? undefined : join(stateHome, 'basekeeper')),
      cacheFolder:
        resolved(variables['BASEKEEPER_CACHE']) ??
        (cacheHome === undefined ? undefined : join(cacheHome, 'basekeeper')),
    }),
    gitlab: defined({
      serverUrl: written(variables['CI_SERVER_URL']),
      host: written(variables['GITLAB_HOST']),
      token: written(variables['GITLAB_TOKEN']),
      jobToken: written(variables['CI_JOB_TOKEN']),
    }),
    github: {
      isInJob: variables['GITHUB_ACTIONS'] === 'true',
      ...defined({
        serverUrl: written(variables['GITHUB_SERVER_URL']),
        apiUrl: written(variables['GITHUB_API_URL']),
        host: written(variables['GH_HOST']),
        token: written(variables['GH_TOKEN']),
        enterpriseToken: written(variables['GH_ENTERPRISE_TOKEN']),
        jobToken: written(variables['GITHUB_TOKEN']),
        appId: written(variables['BASEKEEPER_APP_ID']),
        appPrivateKey: written(variables['BASEKEEPER_APP_PRIVATE_KEY']),
        appPrivateKeyFile: resolved(variables['BASEKEEPER_APP_PRIVATE_KEY_FILE']),
      }),
    },
    trivy: {
      isDatabaseKept: ['true', '1'].includes(variables['TRIVY_SKIP_DB_UPDATE'] ?? ''),
      ...defined({
        program: resolved(variables['BASEKEEPER_TRIVY']),
        server: written(variables['BASEKEEPER_TRIVY_SERVER']),
        cacheFolder: resolved(variables['TRIVY_CACHE_DIR']),
      }),
    },
    forgeTokens: ['GITHUB_TOKEN', 'GH_TOKEN', 'GH_ENTERPRISE_TOKEN', 'GITLAB_TOKEN'].filter(
      (name) => written(variables[name]) !== undefined,
    ),
  };
}

/** What a settings file names by its variable, mostly a secret; `undefined` where it is not set. */
export function namedVariable(name: string, variables: Variables = process.env): string | undefined {
  return written(variables[name]);
}

function written(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value;
}

function absolute(value: string | undefined): string | undefined {
  return value !== undefined && isAbsolute(value) ? value : undefined;
}

function resolved(value: string | undefined): string | undefined {
  const path = written(value);
  return path === undefined ? undefined : resolve(path);
}

function homeOfUser(): string | undefined {
  try {
    return absolute(homedir());
  } catch {
    // The user has no entry in the list of users.
    return undefined;
  }
}

function defined<T extends Readonly<Record<string, string | undefined>>>(
  values: T,
): { readonly [Key in keyof T]?: string } {
  // What is left has no undefined value, which the type of `fromEntries` cannot tell.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    readonly [Key in keyof T]?: string;
  };
}

/** `BASEKEEPER_CATALOG`, else beside the user's other data. */
function catalogFolder(variables: Variables): string | undefined {
  if (variables['BASEKEEPER_CATALOG'] === 'shipped') return undefined;
  const home = absolute(variables['HOME']) ?? homeOfUser();
  const dataHome =
    absolute(variables['XDG_DATA_HOME']) ?? (home === undefined ? undefined : join(home, '.local', 'share'));
  const beside = dataHome === undefined ? undefined : join(dataHome, 'basekeeper', 'catalog');
  return resolved(variables['BASEKEEPER_CATALOG']) ?? beside;
}

/** All of it, for a program that is started: git finds its own settings and credential helpers there. */
export function environmentOfPrograms(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

/**
 * What forbids to merge: BASEKEEPER_NO_MERGE, the kill switch of whoever runs us, with any value but 0 and false; or a job of a
 * pull request, in which a policy file that is checked out may be the pull request's.
 */
export function findMergeStop(variables: Variables = process.env): string | undefined {
  const value = written(variables['BASEKEEPER_NO_MERGE']);
  if (value !== undefined && value !== '0' && value !== 'false') return 'BASEKEEPER_NO_MERGE';
  const isPullRequest =
    (variables['GITHUB_ACTIONS'] === 'true' && variables['GITHUB_REF']?.startsWith('refs/pull/') === true) ||
    (variables['GITLAB_CI'] === 'true' && variables['CI_MERGE_REQUEST_IID'] !== undefined);
  return isPullRequest ? 'this is the job of a pull request' : undefined;
}
