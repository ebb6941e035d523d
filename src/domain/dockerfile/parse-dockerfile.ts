import type { ImageUse, Role, StageLabel } from '../image/image-use.ts';
import type { Dockerfile, DockerfileContext, Stage } from './dockerfile.ts';
import { newWorkBudget } from './expand.ts';
import { GlobalArguments } from './global-arguments.ts';
import { fileLine, fileOffset, type LogicalLine, traceLine } from './logical-line.ts';
import { NamedContexts } from './named-contexts.ts';
import { ProblemList } from './problem-list.ts';
import { type FromScope, readFrom } from './read-from.ts';
import { type Frontend, readFrontend } from './read-frontend.ts';
import { heredocsOf, readInstruction } from './read-instruction.ts';
import { isTemplate } from './resolve-image.ts';
import { resolveSources, type SourceScope } from './resolve-sources.ts';
import { Scanner } from './scan.ts';
import { rangeSpan, type SplitInstruction, splitInstruction, splitQuotedWords } from './split-instruction.ts';
import type { DraftUse, PendingSource, StageDraft } from './stage-draft.ts';
import { type StageRole, stageRoles } from './stage-graph.ts';

const keywords: ReadonlySet<string> = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);
const maxFiredUses = 50_000;

/**
 * Reads a Dockerfile as BuildKit would, for one set of answers: its stages and every image that they use, with the place
 * of each character, so that an edit can go to where it belongs.
 *
 * Never throws. What BuildKit would refuse for a reason that concerns images or structure is a problem of severity
 * `error`; the reading goes on behind it where it can. Time is linear in the text, depth and expansion are bounded.
 *
 * @see moby/buildkit: frontend/dockerfile/parser, instructions, dockerfile2llb
 */
export function parseDockerfile(text: string, context: DockerfileContext): Dockerfile {
  return new DockerfileReader(text, context).read();
}

class DockerfileReader {
  readonly #text: string;
  readonly #context: DockerfileContext;
  readonly #problems = new ProblemList();
  readonly #scanner: Scanner;
  readonly #contexts: NamedContexts;
  readonly #stages: StageDraft[] = [];
  readonly #indexByName = new Map<string, number>();
  readonly #stageVariables = new Set<string>();
  #globals: GlobalArguments | undefined;
  #instructionCount = 0;
  #hasTemplate = false;

  constructor(text: string, context: DockerfileContext) {
    this.#text = text;
    this.#context = context;
    this.#scanner = new Scanner(text, this.#problems);
    this.#contexts = new NamedContexts(context.namedContexts ?? {});
  }

  read(): Dockerfile {
    const frontend = readFrontend(this.#text, this.#context, this.#problems);
    if (frontend?.isOther === true) {
      return { stages: [], uses: [frontend.use], comments: [], problems: this.#problems.sorted() };
    }
    for (let logical = this.#scanner.next(); logical !== undefined; logical = this.#scanner.next())
      this.#readLine(logical);
    if (this.#instructionCount === 0)
      this.#problems.error('no-instructions', 0, 'the file holds no instruction: begin with FROM image');
    else if (this.#stages.length === 0 && !this.#hasTemplate)
      this.#problems.error('no-stage', 0, 'the file holds no FROM: write FROM image before the other instructions');
    return this.#assemble(frontend);
  }

  #readLine(logical: LogicalLine): void {
    this.#instructionCount++;
    const split = splitInstruction(logical, 0);
    const isKnown = keywords.has(split.keyword);
    if (!isKnown) this.#reportUnknown(logical, split);
    const starts = heredocsOf(logical, split);
    const bodies = starts.length === 0 ? undefined : this.#scanner.readHeredocs(starts);
    if (bodies?.unterminated !== undefined) {
      const message = `the heredoc <<${bodies.unterminated.slice(0, 80)} is not closed: end it with a line that holds ${bodies.unterminated.slice(0, 80)} alone`;
      this.#problems.error('unterminated-heredoc', logical.line, message);
    }
    if (split.keyword === 'FROM') {
      this.#openStage(logical, split);
      return;
    }
    const stage = this.#stages.at(-1);
    if (split.keyword === 'ARG') this.#readArg(logical, split, stage);
    if (stage === undefined) {
      if (isKnown && split.keyword !== 'ARG') {
        this.#problems.error(
          'before-from',
          logical.line,
          `${split.keyword} stands before the first FROM, where only ARG may: move it into a stage`,
        );
      }
      return;
    }
    if (split.keyword === 'COPY' || split.keyword === 'RUN' || split.keyword === 'ADD')
      addSource(stage.sources, { logical, split });
    if (split.keyword === 'ONBUILD') this.#readTrigger(logical, split, stage);
    const end = bodies?.end ?? fileOffset(logical, logical.text.length - 1) + 1;
    const span = { start: fileOffset(logical, 0), end };
    stage.instructions.push(
      readInstruction(logical, split, {
        heredocs: bodies?.heredocs ?? [],
        endLine: bodies?.endLine ?? logical.endLine,
        span,
      }),
    );
  }

  #openStage(logical: LogicalLine, split: SplitInstruction): void {
    const scope: FromScope = {
      globals: this.#arguments(),
      contexts: this.#contexts,
      problems: this.#problems,
      earlier: this.#indexByName,
      isStageVariable: (name) => this.#stageVariables.has(name),
    };
    const stage = readFrom(logical, split, this.#stages.length, scope);
    this.#stages.push(stage);
    if (stage.name !== undefined) this.#indexByName.set(stage.name, stage.index);
  }

  #readArg(logical: LogicalLine, split: SplitInstruction, stage: StageDraft | undefined): void {
    for (const word of splitQuotedWords(logical.text, split.rest, this.#scanner.escape)) {
      const equals = logical.text.slice(word.start, word.end).indexOf('=');
      const name = logical.text.slice(word.start, equals < 0 ? word.end : word.start + equals);
      if (stage !== undefined) {
        this.#stageVariables.add(name);
        continue;
      }
      const value = equals < 0 ? undefined : traceLine(logical, word.start + equals + 1, word.end);
      const expansion = this.#arguments().declare(name, value);
      const line = fileLine(logical, word.start);
      if (name === '')
        this.#problems.error('invalid-argument', line, 'ARG names nothing before the =: write ARG NAME=value');
      if (expansion?.kind === 'failed') {
        this.#problems.error(
          'invalid-expansion',
          line,
          `cannot expand the default of ARG ${name.slice(0, 80)}: ${expansion.reason}`,
          rangeSpan(logical, word),
        );
      }
    }
  }

  #readTrigger(logical: LogicalLine, split: SplitInstruction, stage: StageDraft): void {
    const inner = splitInstruction(logical, split.rest.start);
    if (inner.keyword === 'FROM' || inner.keyword === 'MAINTAINER' || inner.keyword === 'ONBUILD') {
      this.#problems.error(
        'invalid-trigger',
        logical.line,
        `ONBUILD takes no ${inner.keyword}: write the instruction in the stage that needs it`,
      );
    } else if (!keywords.has(inner.keyword)) {
      this.#problems.error(
        'unknown-instruction',
        logical.line,
        `ONBUILD ${inner.keyword.slice(0, 40)} is no instruction of a Dockerfile`,
      );
    } else if (inner.keyword === 'COPY' || inner.keyword === 'RUN' || inner.keyword === 'ADD')
      addSource(stage.triggers, { logical, split: inner });
  }

  #reportUnknown(logical: LogicalLine, split: SplitInstruction): void {
    const word = logical.text.slice(split.keywordRange.start, split.keywordRange.end).slice(0, 40);
    const span = rangeSpan(logical, split.keywordRange);
    if (isTemplate(logical.text.slice(0, 1000))) {
      if (!this.#hasTemplate)
        this.#problems.warning(
          'template',
          logical.line,
          'this file is a template: check the file that is made from it',
          span,
        );
      this.#hasTemplate = true;
      return;
    }
    const comment =
      word.startsWith('//') || word.startsWith('/*') || word.startsWith('--') ? '; a comment begins with #' : '';
    const message = `${word} is no instruction of a Dockerfile: begin the line with FROM, RUN, COPY or another one, or end the line before it with ${this.#scanner.escape}${comment}`;
    this.#problems.error('unknown-instruction', logical.line, message, span);
  }

  #arguments(): GlobalArguments {
    this.#globals ??= new GlobalArguments(this.#context, this.#scanner.escape, newWorkBudget());
    return this.#globals;
  }

  #assemble(frontend: Frontend | undefined): Dockerfile {
    const { copiesFrom, drafts } = this.#resolveAllSources();
    const targets = this.#targets();
    const links = this.#stages.map((stage, index) => ({ from: stage.from, copiesFrom: copiesFrom[index] ?? [] }));
    const roles = stageRoles(links, targets);
    const isTarget = new Set(targets);
    const uses: ImageUse[] = frontend === undefined ? [] : [frontend.use];
    const stages = this.#stages.map((draft, index): Stage => {
      const role = roles[index] ?? 'unreachable';
      const label: StageLabel = { index, ...(draft.name !== undefined && { name: draft.name }) };
      const finish = (use: DraftUse): ImageUse => finishUse(use, role, label);
      const base = draft.base && finish(draft.base);
      if (base !== undefined) uses.push(base);
      for (const use of drafts[index] ?? []) uses.push(finish(use));
      return {
        ...label,
        line: draft.line,
        role,
        isTarget: isTarget.has(index),
        ...(draft.from !== undefined && { from: draft.from }),
        ...(base !== undefined && { base }),
        copiesFrom: copiesFrom[index] ?? [],
        instructions: draft.instructions,
      };
    });
    uses.sort((a, b) => a.span.start - b.span.start);
    return { stages, uses, comments: this.#scanner.comments, problems: this.#problems.sorted() };
  }

  /** Sources of the instructions, and those of triggers in every stage that they fire in. */
  #resolveAllSources(): { copiesFrom: readonly (readonly number[])[]; drafts: readonly (readonly DraftUse[])[] } {
    const copiesFrom: number[][] = [];
    const drafts: DraftUse[][] = [];
    const hasFired = new Set<number>();
    let firedCount = 0;
    for (const stage of this.#stages) {
      const indices = new Set<number>();
      const uses: DraftUse[] = [];
      const resolve = (source: PendingSource): void => {
        for (const resolved of resolveSources(source, this.#sourceScope(stage.index))) {
          if (resolved.kind === 'stage') indices.add(resolved.index);
          else uses.push(resolved.use);
        }
      };
      const triggers = stage.from === undefined || !stage.isBuilt ? [] : (this.#stages[stage.from]?.triggers ?? []);
      if (stage.from !== undefined) hasFired.add(stage.from);
      for (const trigger of triggers) {
        const before = firedCount;
        firedCount += trigger.split.flags.length;
        if (firedCount <= maxFiredUses) resolve(trigger);
        else if (before <= maxFiredUses) {
          this.#problems.error(
            'too-many-triggers',
            stage.line,
            `the ONBUILD triggers of this file take files more than ${maxFiredUses} times: the rest is not judged`,
          );
        }
      }
      if (stage.isBuilt) for (const source of stage.sources) resolve(source);
      copiesFrom.push([...indices]);
      drafts.push(uses);
    }
    for (const stage of this.#stages) if (!hasFired.has(stage.index)) this.#reportUnfired(stage);
    return { copiesFrom, drafts };
  }

  #reportUnfired(stage: StageDraft): void {
    for (const trigger of stage.triggers) {
      // The names are read for what they are; what is wrong with them shows where the trigger fires.
      const scope = { ...this.#sourceScope(this.#stages.length), problems: new ProblemList() };
      for (const resolved of resolveSources(trigger, scope)) {
        if (resolved.kind !== 'use') continue;
        const { line, span, written } = resolved.use;
        const message = `${written.slice(0, 200)} is used by images built on this one, not by this file: no stage here fires the trigger`;
        this.#problems.info('onbuild-not-fired', line, message, span);
      }
    }
  }

  #sourceScope(stage: number): SourceScope {
    return {
      stage,
      stageCount: this.#stages.length,
      indexByName: this.#indexByName,
      contexts: this.#contexts,
      problems: this.#problems,
    };
  }

  #targets(): readonly number[] {
    const last = this.#stages.length - 1;
    const targets = new Set(last < 0 ? [] : [last]);
    for (const target of this.#context.targets ?? []) {
      const index = this.#indexByName.get(target.toLowerCase());
      if (index !== undefined) targets.add(index);
      else if (target !== '') {
        this.#problems.error(
          'unknown-target',
          0,
          `a build asks for the target ${target.slice(0, 80)}, which no stage is named: name a stage so, or mend the build`,
        );
      }
    }
    return [...targets];
  }
}

function addSource(sources: PendingSource[], source: PendingSource): void {
  if (source.split.flags.length > 0) sources.push(source);
}

function finishUse({ purpose, ...use }: DraftUse, stageRole: StageRole, stage: StageLabel): ImageUse {
  const role: Role = stageRole === 'unreachable' || purpose === 'base' ? stageRole : purpose;
  return { ...use, role, stage };
}
