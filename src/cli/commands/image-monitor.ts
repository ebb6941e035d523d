import type { Command } from 'commander';
import { imageMonitorAnnotations } from '../../render/image-monitor/annotations.ts';
import { renderImageMonitor } from '../../render/image-monitor/text.ts';
import { jsonText } from '../../render/json-text.ts';
import { exitCodes } from '../failure.ts';
import { githubJob, tellJob, tellJobOfFailure } from '../github-job-files.ts';
import { type ImageMonitorOptions, imageMonitorInputs } from '../image-monitor-inputs.ts';
import { print, wantsColor } from '../output.ts';
import { runImageMonitor } from '../run-image-monitor.ts';
import { addRunOptions } from '../shared-options.ts';

type Options = ImageMonitorOptions & { readonly json?: boolean; readonly color?: boolean };

export function addImageMonitorCommand(program: Command, setExitCode: (code: number) => void): void {
  const command = program
    .command('image-monitor')
    .description('follow the digests of listed tags, and cut a release or start a workflow when one moves')
    .argument('[path]', 'the tree that --discover reads; default: the current folder')
    .option('--images <json>', 'the list of images, as JSON')
    .option('--config-file <file>', 'the list of images, as a file')
    .option('--discover [true|false]', 'also every image that the Dockerfiles of the tree build on')
    .option('--target-workflow <file>', 'the workflow to start; its success makes a digest count as handled')
    .option('--target-workflow-ref <ref>', 'the branch or tag to start it on (main)')
    .option('--target-workflow-inputs <json>', 'its inputs, a JSON object')
    .option('--commit-prefix <type>', 'begins the subject of the empty commit (chore(deps))')
    .option('--commit-and-release [true|false]', 'push an empty commit, so that a release is cut (true)')
    .option('--fail-on-unreachable-image [true|false]', 'fail when an image cannot be read (true)')
    .option('--max-release-attempts <number>', 'how often a workflow is started for one digest; 0: no limit (3)')
    .option('--state <kind>', 'where digests are kept: variables of the repository or a branch (variables)')
    .option('--dry-run [true|false]', 'look and tell, and write nothing')
    .option('--json', 'as JSON');
  addRunOptions(command)
    .option('--color', 'colour the text')
    .option('--no-color', 'do not')
    .addHelpText(
      'after',
      '\nEach option may come as INPUT_… in the environment, as INPUT_CONFIG_FILE. The repository is that of GITHUB_REPOSITORY,\nthe branch that of GITHUB_REF, and GITHUB_TOKEN has to be allowed to do what is asked for: see docs/workflow.md.',
    )
    .action(async (path: string | undefined, options: Options) => {
      const job = githubJob();
      try {
        const inputs = imageMonitorInputs(options, job);
        const result = await runImageMonitor(path ?? '.', inputs, options, job);
        tellJob(job, result);
        print(
          options.json === true ? jsonText(result) : renderImageMonitor(result, { color: wantsColor(options.color) }),
        );
        if (job.isJob) process.stderr.write(imageMonitorAnnotations(result));
        const isUnverified = result.verified.count < result.verified.of && inputs.failOnUnreachableImage;
        const isExhausted = result.images.some(({ outcome }) => outcome.state === 'exhausted');
        if (result.failure !== undefined || isUnverified) setExitCode(exitCodes.world);
        else setExitCode(isExhausted ? exitCodes.verdict : exitCodes.clean);
      } catch (error) {
        if (job.isJob) tellJobOfFailure(error);
        throw error;
      }
    });
}
