import { type CiSettings, cronOf, runPackage } from './ci-settings.ts';
import { pinned } from './pinned-actions.ts';

export const githubWorkflowPath = '.github/workflows/basekeeper.yml';

/** The workflow that `init --github` writes: `check` judges pull requests, `monitor` looks for what is new, `update` proposes it. */
export function githubWorkflow({ package: name, schedule, baseBranch, isLeftToDependabot }: CiSettings): string {
  const branches = baseBranch === undefined ? '[main, master]' : JSON.stringify([baseBranch]);
  return `# Base images: on policy, current, patched. Written by \`basekeeper init --github\`; yours to change.
name: Basekeeper

on:
  pull_request:
  # Findings of pull requests are compared with those of the branch they go to.
  push:
    branches: ${branches}
  schedule:
    # ${schedule}, as update.schedule in basekeeper.yaml says; in UTC
    - cron: "${cronOf[schedule]}"
  workflow_dispatch:

permissions: {}

env:
  BASEKEEPER: ${JSON.stringify(name)}

concurrency:
  group: basekeeper-\${{ github.event_name }}-\${{ github.ref }}

jobs:
  check:
    if: github.event_name == 'pull_request' || github.event_name == 'push'
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      contents: read
      security-events: write
${firstSteps}
      - name: Judge every base image
        run: ${runPackage} check --format github --output sarif=basekeeper.sarif
      # The token of a pull request out of a fork may not upload; its findings stand in the log and at the lines.
      - uses: ${pinned('github/codeql-action/upload-sarif')}
        if: always() && hashFiles('basekeeper.sarif') != '' && github.event.pull_request.head.repo.fork != true
        with:
          sarif_file: basekeeper.sarif
          category: basekeeper

  monitor:
    if: github.event_name == 'schedule' || github.event_name == 'workflow_dispatch'
    runs-on: ubuntu-latest
    timeout-minutes: 30
    permissions:
      contents: read
${firstSteps}
      # What was seen last time, so that a moved tag is told as one.
      - uses: ${pinned('actions/cache/restore')}
        with:
          path: ~/.local/state/basekeeper
          key: basekeeper-state-\${{ github.run_id }}-\${{ github.run_attempt }}
          restore-keys: basekeeper-state-
      - name: Ask the registries what is new
        run: ${runPackage} monitor
      # Kept after a registry that did not answer, too, which fails the run.
      - uses: ${pinned('actions/cache/save')}
        if: always()
        with:
          path: ~/.local/state/basekeeper
          key: basekeeper-state-\${{ github.run_id }}-\${{ github.run_attempt }}
${isLeftToDependabot ? '' : updateJob}`;
}

/** Of every job. */
const firstSteps = `    steps:
      - uses: ${pinned('actions/checkout')}
        with:
          persist-credentials: false
      - uses: ${pinned('actions/setup-node')}
        with:
          node-version: 24`;

/** One bot per image: not where Dependabot is the one. */
const updateJob = `
  update:
    if: github.event_name == 'schedule' || github.event_name == 'workflow_dispatch'
    runs-on: ubuntu-latest
    timeout-minutes: 30
    permissions:
      contents: write
      pull-requests: write
${firstSteps}
      # Pull requests of a job's own token start no workflows: the secret BASEKEEPER_TOKEN, of an App or a fine-grained token with
      # Contents and Pull requests: write, mends that. Without it, let Actions create pull requests in the settings.
      - name: Open pull requests
        env:
          GITHUB_TOKEN: \${{ github.token }}
          GH_TOKEN: \${{ secrets.BASEKEEPER_TOKEN }}
          GH_ENTERPRISE_TOKEN: \${{ secrets.BASEKEEPER_TOKEN }}
        run: ${runPackage} update --propose
`;
