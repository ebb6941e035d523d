import type { FileKind } from '../discovery/file-kind.ts';
import type { ImageUse, Piece } from '../image/image-use.ts';
import type { Parsed } from '../source/problem.ts';

/** What a document other than a Dockerfile says about images. Both lists are in file order. */
export type DocumentReading = {
  readonly uses: readonly ImageUse[];
  readonly builds: readonly BuildDefinition[];
};

/** One way in which an image of this tree is built. Exactly one of `dockerfile` and `inline` is set. */
export type BuildDefinition = {
  /** Relative to the root of the tree, normalised, never leaving it. It need not exist. */
  readonly dockerfile?: string;
  readonly inline?: InlineDockerfile;
  /** The folder that is built from, relative to the root, `''` for the root itself; absent where it is fetched or not known. */
  readonly context?: string;
  readonly target?: string;
  /** Only arguments whose value the document gives. */
  readonly args: Readonly<Record<string, string>>;
  /** Named contexts as BuildKit writes them: `docker-image://REF`, `target:NAME` (another build definition), a path or URL. */
  readonly contexts: Readonly<Record<string, string>>;
  /** References of what is built, as far as they are known. */
  readonly produces: readonly string[];
  readonly platforms?: readonly string[];
  /** 1-based line of the definition. */
  readonly line: number;
};

/**
 * A Dockerfile written inside the document. The pieces, joined, are its text, and tell where each character stands in the
 * document; `place-inline.ts` maps uses and lines back.
 */
export type InlineDockerfile = {
  readonly text: string;
  readonly pieces: readonly Piece[];
  /** 1-based line in the document of the first character that stands there. */
  readonly line: number;
};

export type DocumentReader = {
  readonly kind: FileKind['kind'];
  /**
   * Never throws; broken text is one problem with its line.
   *
   * @param path relative to the root, `/` separated: what the document names is relative to it.
   */
  read(text: string, path: string): Parsed<DocumentReading>;
};
