/** All that the program takes from its environment; nothing else reads `process.env`. */
export type Environment = {
  /** Set by every CI service: an unknown verdict fails then. */
  readonly isCi: boolean;
  /** https://no-color.org: any non-empty value. */
  readonly noColor: boolean;
  readonly isDumbTerminal: boolean;
};

export function readEnvironment(): Environment {
  const { CI: ci, NO_COLOR: noColor, TERM: terminal } = process.env;
  return {
    isCi: ci !== undefined && ci !== '' && ci !== 'false' && ci !== '0',
    noColor: noColor !== undefined && noColor !== '',
    isDumbTerminal: terminal === 'dumb',
  };
}
