import type { Instant } from '../../../src/domain/source/instant.ts';

/** How a registry behaves for good. Each is something a real one does; what goes wrong for a while is a fault. */
export type Switches = {
  /** `Docker-Content-Digest`; `wrong`: another digest than that of the bytes. */
  readonly digestHeader: 'right' | 'missing' | 'wrong';
  readonly headManifests: 'answered' | 'not-allowed' | 'not-found';
  /** What is appended to `Content-Type` of manifests, `; charset=utf-8`. */
  readonly contentTypeParameters: string;

  /** How a 401 says what is wanted. `absent`: only `/v2/` says it, as gcr.io. */
  readonly challenge: 'plain' | 'with-basic-in-one-line' | 'with-basic-in-own-header' | 'absent';
  /** Absolute, or relative to the request; absent: this server's `/token`. */
  readonly realm: string | undefined;
  readonly service: string;
  /** Instead of the scope of the request: GHCR says `repository:user/image:pull` on `/v2/`. */
  readonly challengeScope: string | undefined;
  /** Every request is answered 401, whatever it brings. */
  readonly isLocked: boolean;
  /** What a token has to allow; where it allows less, the answer is 401 `insufficient_scope` with this. */
  readonly requiredActions: readonly string[];
  /** `nothing`: tokens allow nothing, whatever was asked. `everything`: not bound to a repository, as GHCR's. */
  readonly grants: 'asked' | 'nothing' | 'everything';
  /** A missing repository is told as a private one. */
  readonly hidesMissing: boolean;

  /** `expires_in`; a token lives 60 s where it is absent. */
  readonly tokenSeconds: number | undefined;
  readonly tokenMember: 'token' | 'access_token' | 'both';
  /** Whether identity tokens are traded by POST. */
  readonly tokenPost: boolean;
  /** The token service refuses every credential with this status. */
  readonly refusesCredentials: 401 | 403 | undefined;

  readonly tagsMember: 'list' | 'null' | 'missing' | 'null-members';
  readonly tagOrder: 'lexical' | 'pushed';
  /** Most tags of one page; without `n` too. */
  readonly pageSize: number;
  /** `next` as given is taken verbatim. `none`: pages end without a word. */
  readonly link: 'path' | 'relative' | 'absolute' | 'none' | { readonly next: string };
  /** Every page brings new tags, and there is always a next. */
  readonly isEndless: boolean;
  /** gcr.io's listing: one page, with the digests. */
  readonly extendedListing: boolean;

  /** Bodies are packed for who accepts it. */
  readonly gzip: boolean;
  /** Blobs are answered by 307 to this origin's store. */
  readonly blobRedirect: string | undefined;
  /** Pulls in a window; a GET of a manifest is one. */
  readonly pullLimit: { readonly limit: number; readonly windowSeconds: number } | undefined;

  /** The web API shows what was pushed up to then. */
  readonly webAsOf: Instant | undefined;
  /** The web API answers null wherever it may. */
  readonly webNulls: boolean;
  /** The origin of `next` on the web API; absent: this server. */
  readonly webNextOrigin: string | undefined;
};

export const defaultSwitches: Switches = {
  digestHeader: 'right',
  headManifests: 'answered',
  contentTypeParameters: '',
  challenge: 'plain',
  realm: undefined,
  service: 'fake-registry',
  challengeScope: undefined,
  isLocked: false,
  requiredActions: ['pull'],
  grants: 'asked',
  hidesMissing: false,
  tokenSeconds: 300,
  tokenMember: 'both',
  tokenPost: true,
  refusesCredentials: undefined,
  tagsMember: 'list',
  tagOrder: 'lexical',
  pageSize: 10_000,
  link: 'path',
  isEndless: false,
  extendedListing: false,
  gzip: false,
  blobRedirect: undefined,
  pullLimit: undefined,
  webAsOf: undefined,
  webNulls: false,
  webNextOrigin: undefined,
};
