import type { Command } from 'commander';

export type AddCommand = (program: Command, setExitCode: (code: number) => void) => void;

/** Every command, in the order in which help lists them. */
export const commands: readonly { readonly name: string; readonly load: () => Promise<AddCommand> }[] = [
  { name: 'check', load: async () => (await import('./commands/check.ts')).addCheckCommand },
  { name: 'images', load: async () => (await import('./commands/images.ts')).addImagesCommand },
  { name: 'explain', load: async () => (await import('./commands/explain.ts')).addExplainCommand },
  { name: 'monitor', load: async () => (await import('./commands/monitor.ts')).addMonitorCommand },
  {
    name: 'image-monitor',
    load: async () => (await import('./commands/image-monitor.ts')).addImageMonitorCommand,
  },
  { name: 'update', load: async () => (await import('./commands/update.ts')).addUpdateCommand },
  { name: 'settle', load: async () => (await import('./commands/settle.ts')).addSettleCommand },
  { name: 'pulls', load: async () => (await import('./commands/pulls.ts')).addPullsCommand },
  { name: 'deadlines', load: async () => (await import('./commands/deadlines.ts')).addDeadlinesCommand },
  { name: 'report', load: async () => (await import('./commands/report.ts')).addReportCommand },
  { name: 'audit', load: async () => (await import('./commands/audit.ts')).addAuditCommand },
  { name: 'vex', load: async () => (await import('./commands/vex.ts')).addVexCommand },
  { name: 'notify', load: async () => (await import('./commands/notify.ts')).addNotifyCommand },
  { name: 'dependabot', load: async () => (await import('./commands/dependabot.ts')).addDependabotCommand },
  { name: 'review', load: async () => (await import('./commands/review.ts')).addReviewCommand },
  { name: 'verify', load: async () => (await import('./commands/verify.ts')).addVerifyCommand },
  { name: 'compare', load: async () => (await import('./commands/compare.ts')).addCompareCommand },
  { name: 'advise', load: async () => (await import('./commands/advise.ts')).addAdviseCommand },
  { name: 'doctor', load: async () => (await import('./commands/doctor.ts')).addDoctorCommand },
  { name: 'init', load: async () => (await import('./commands/init.ts')).addInitCommand },
  { name: 'policy', load: async () => (await import('./commands/policy.ts')).addPolicyCommand },
  { name: 'catalog', load: async () => (await import('./commands/catalog.ts')).addCatalogCommand },
];
