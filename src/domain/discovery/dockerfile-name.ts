/** Endings of generators' input. What is left without them must have the shape of a Dockerfile's name. */
const templateEndings = [
  '.j2',
  '.jinja',
  '.jinja2',
  '.tmpl',
  '.tpl',
  '.template',
  '-template',
  '_template',
  '.erb',
  '.ejs',
  '.in',
  '.m4',
  '.mustache',
  '.hbs',
  '.handlebars',
  '.gotmpl',
  '.mako',
  '.liquid',
  '.njk',
  '.envsubst',
];

/** Last extensions of files that are about Dockerfiles, and are none: documents, programs, data, copies of editors. */
const otherExtensions = new Set([
  ...[
    'dockerignore',
    'containerignore',
    'gitignore',
    'md',
    'mdx',
    'txt',
    'rst',
    'adoc',
    'asciidoc',
    'html',
    'htm',
    'pdf',
  ],
  ...[
    'go',
    'py',
    'pyi',
    'pyc',
    'js',
    'cjs',
    'mjs',
    'jsx',
    'ts',
    'cts',
    'mts',
    'tsx',
    'java',
    'kt',
    'kts',
    'scala',
    'groovy',
  ],
  ...[
    'rb',
    'rs',
    'c',
    'h',
    'cc',
    'cpp',
    'hpp',
    'cs',
    'fs',
    'swift',
    'php',
    'pl',
    'pm',
    'lua',
    'ex',
    'exs',
    'erl',
    'hs',
  ],
  ...[
    'ml',
    'clj',
    'dart',
    'r',
    'jl',
    'sh',
    'bash',
    'zsh',
    'fish',
    'ps1',
    'psm1',
    'bat',
    'cmd',
    'vim',
    'el',
    'rego',
    'nix',
  ],
  ...[
    'json',
    'jsonc',
    'json5',
    'yml',
    'yaml',
    'toml',
    'xml',
    'ini',
    'cfg',
    'conf',
    'properties',
    'csv',
    'hcl',
    'tf',
    'lock',
  ],
  ...['css', 'scss', 'less', 'svg', 'png', 'jpg', 'jpeg', 'gif', 'ico', 'log', 'patch', 'diff', 'snap', 'map', 'sarif'],
  ...['zip', 'gz', 'tgz', 'bz2', 'xz', 'zst', 'tar', 'sha256', 'sig', 'asc', 'sum', 'tmlanguage', 'snippets', 'ipynb'],
  ...['swp', 'swo', 'orig', 'rej', 'bak', 'backup', 'old', 'save', 'tmp', 'disabled'],
]);

/** Languages that one Dockerfile each is often named after; a program may have the same name. */
const languages: ReadonlySet<string> = new Set(
  'go py js ts java kt scala groovy rb rs c cpp cs fs swift php pl lua ex erl hs clj dart r jl sh'.split(' '),
);

/**
 * Whether a file name has a shape that container builds are written under: `Dockerfile` and `Containerfile` in any case,
 * alone, with something behind (`Dockerfile.alpine`, `Dockerfile-dev`, `Dockerfile_x`) or before it (`api.Dockerfile`,
 * `api-Dockerfile`). A third of all Dockerfiles are not named `Dockerfile`.
 *
 * @param name the last segment of a path.
 * @returns `undefined` for documents, programs, ignore files and editors' copies that only carry the word. `isCertain` is
 *   false for `Dockerfile.go` and its like: the content has to tell.
 */
export function dockerfileName(
  name: string,
): { readonly isTemplate: boolean; readonly isCertain: boolean } | undefined {
  // The test below runs on every file of a tree: most leave here.
  if (!/(?:docker|container)file/i.test(name)) return undefined;
  const withoutEnding = stripTemplateEnding(name);
  if (isDockerfileName(withoutEnding)) return { isTemplate: withoutEnding !== name, isCertain: true };
  const language = /^(?:docker|container)file\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  return languages.has(language) ? { isTemplate: false, isCertain: false } : undefined;
}

function stripTemplateEnding(name: string): string {
  const lower = name.toLowerCase();
  const ending = templateEndings.find((candidate) => lower.endsWith(candidate));
  return ending === undefined ? name : name.slice(0, -ending.length);
}

function isDockerfileName(name: string): boolean {
  const lower = name.toLowerCase();
  if (lower.endsWith('~') || lower.startsWith('.#') || lower.startsWith('#')) return false;
  for (const word of ['dockerfile', 'containerfile']) {
    if (lower === word || lower.endsWith(`.${word}`)) return true;
    // Only capitalised: `parse-dockerfile` and the like are programs.
    if (/[-_](?:Docker|Container)file$/.test(name) && lower.endsWith(word)) return true;
    if (!lower.startsWith(word)) continue;
    const rest = lower.slice(word.length);
    if (!/^[._-]./.test(rest)) continue;
    return !otherExtensions.has(rest.slice(rest.lastIndexOf('.') + 1)) || !rest.includes('.');
  }
  return false;
}

/** Whether a text begins as a Dockerfile does: with FROM or ARG, behind comments and blank lines at most. */
export function beginsAsDockerfile(text: string): boolean {
  const first = /^(?:\uFEFF)?(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*((?:from|arg)[ \t][^\n]*)/i.exec(
    text.slice(0, 65_536),
  )?.[1];
  // Python begins with the same word.
  return first !== undefined && !/^from[ \t]+\S+[ \t]+import\b/i.test(first);
}
