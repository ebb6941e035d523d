import type { ImageUse, StageLabel } from '../image/image-use.ts';
import type { Problem } from '../source/problem.ts';
import type { Span } from '../source/span.ts';

/** A Dockerfile as BuildKit would understand it for one platform, one set of build arguments and one set of targets. */
export type Dockerfile = {
  readonly stages: readonly Stage[];
  /** In file order: by the position of the word that names the image. */
  readonly uses: readonly ImageUse[];
  /** Comment lines (directives left out), for inline ignores. */
  readonly comments: readonly Comment[];
  readonly problems: readonly Problem[];
};

/** Text behind the `#`, trimmed. `nextInstructionLine` is the line of the instruction that the comment stands above or inside. */
export type Comment = {
  readonly line: number;
  readonly text: string;
  readonly nextInstructionLine: number | undefined;
};

export type Stage = StageLabel & {
  /** 1-based line of its FROM. */
  readonly line: number;
  readonly role: 'final' | 'build' | 'unreachable';
  /** True for the default target (the last stage) and for each target named by a build definition. */
  readonly isTarget: boolean;
  /** Index of the stage it is built FROM; absent when its base is an image or scratch. */
  readonly from?: number;
  /** The use in `uses` that is its base; absent when `from` is set. */
  readonly base?: ImageUse;
  /** Indices of the stages that it copies from or mounts. */
  readonly copiesFrom: readonly number[];
  /** Everything after the FROM, in order. */
  readonly instructions: readonly Instruction[];
};

export type Instruction = {
  /** Upper case: `RUN`, `COPY` …; `ONBUILD` keeps its inner instruction in `trigger`. */
  readonly keyword: string;
  readonly line: number;
  readonly endLine: number;
  readonly span: Span;
  /** The flags in order, quotes removed: `--from=build` is `{ name: 'from', value: 'build' }`; `--link` has value `''`. */
  readonly flags: readonly Flag[];
  /** What follows keyword and flags, continuations glued, comments dropped, variables unexpanded. */
  readonly text: string;
  /** The strings of a JSON form (`RUN ["a", "b"]`), else absent. */
  readonly json?: readonly string[];
  readonly heredocs: readonly Heredoc[];
  readonly trigger?: Instruction;
};

export type Flag = { readonly name: string; readonly value: string };
export type Heredoc = { readonly name: string; readonly content: string; readonly line: number };

/** What the answer depends on besides the text. */
export type DockerfileContext = {
  /** Answers to ARGs declared before the first FROM, and to the predefined platform arguments. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /** `os/architecture[/variant]`, default `linux/amd64`. BUILDPLATFORM is always `linux/amd64` unless a build argument says otherwise. */
  readonly targetPlatform?: string;
  /** Further targets that compose, bake or CI build; the last stage is always one. Compared as BuildKit does. */
  readonly targets?: readonly string[];
  /** Named contexts: stage name or image → `docker-image://REF` or another context; these replace what the file names. */
  readonly namedContexts?: Readonly<Record<string, string>>;
};
