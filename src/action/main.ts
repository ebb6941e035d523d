// What GitHub starts: with arguments, as the reusable workflow does, it runs these in the job; without, the action by its inputs.
import { githubJob } from '../cli/github-job-files.ts';
import { runAction } from './run-action.ts';
import { runQuoted } from './run-quoted.ts';

const job = githubJob();
const args = process.argv.slice(2);
process.exitCode = args.length > 0 ? await runQuoted(args, job) : await runAction(job);
