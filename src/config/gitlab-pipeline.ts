import { type CiSettings, cronOf, runPackage } from './ci-settings.ts';

export const gitlabJobsPath = '.gitlab/basekeeper.gitlab-ci.yml';
export const gitlabPipelinePath = '.gitlab-ci.yml';

/** What a pipeline needs to have the jobs. */
export const gitlabInclude = `include:
  - local: ${gitlabJobsPath}
`;

/** The pipeline that `init --gitlab` writes where there is none. */
export const gitlabPipeline = `# Written by \`basekeeper init --gitlab\`; yours to change.
${gitlabInclude}`;

/** The jobs that `init --gitlab` writes. */
export function gitlabJobs({ package: name, schedule, baseBranch }: CiSettings): string {
  const branch = baseBranch === undefined ? '$CI_DEFAULT_BRANCH' : JSON.stringify(baseBranch);
  return `# Base images: on policy, current, patched. Written by \`basekeeper init --gitlab\`; yours to change.
#
# The jobs basekeeper-monitor and basekeeper-update run in scheduled pipelines alone. Make one under Build > Pipeline schedules:
#   interval pattern  ${cronOf[schedule]}   (${schedule}, as update.schedule in basekeeper.yaml says)
#   target branch     the default branch
# basekeeper-update opens merge requests, and is there once the CI/CD variable GITLAB_TOKEN is: a project or group access token with
# the scopes api and write_repository and the role Developer. The token of a job can do neither.
# All jobs are of the stage test; name another one here if your pipeline has its own stages without it.

.basekeeper:
  stage: test
  image: node:24
  timeout: 30 minutes
  variables:
    BASEKEEPER: ${JSON.stringify(name)}

basekeeper-check:
  extends: .basekeeper
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    # Findings of merge requests are compared with those of the last pipeline of the branch they go to, a scheduled one, too.
    - if: $CI_COMMIT_BRANCH == ${branch}
  script:
    - ${runPackage} check --output gitlab=gl-code-quality-report.json
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json

basekeeper-monitor:
  extends: .basekeeper
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule"
  variables:
    BASEKEEPER_STATE: $CI_PROJECT_DIR/.basekeeper-state
  # What was seen last time, so that a moved tag is told as one.
  cache:
    key: basekeeper-state
    paths:
      - .basekeeper-state
    when: always
  script:
    - ${runPackage} monitor

basekeeper-update:
  extends: .basekeeper
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule" && $GITLAB_TOKEN
  script:
    - ${runPackage} update --propose
`;
}
