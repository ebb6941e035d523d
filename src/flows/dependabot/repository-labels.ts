import { type Forge, ForgeError } from '../../ports/forge.ts';

/** The labels of `update.labels` at the repository: Dependabot leaves out those that are not there. */
export type LabelsResult = { readonly wanted: readonly string[] } & (
  | { readonly kind: 'not-checked' }
  /** The forge did not say which there are. */
  | { readonly kind: 'unanswered'; readonly repository: string; readonly message: string }
  | {
      readonly kind: 'checked';
      readonly repository: string;
      /** Still, after those that were created. */
      readonly missing: readonly string[];
      readonly created: readonly string[];
      readonly failed: readonly { readonly label: string; readonly message: string }[];
    }
);

type LabelForge = Pick<Forge, 'kind' | 'listLabels' | 'createLabel'>;

export async function checkLabels(
  forge: LabelForge,
  repository: string,
  wanted: readonly string[],
): Promise<LabelsResult> {
  try {
    const missing = missingOf(forge, await forge.listLabels(repository), wanted);
    return { kind: 'checked', wanted, repository, missing, created: [], failed: [] };
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    return { kind: 'unanswered', wanted, repository, message: error.message };
  }
}

/** Creates those that are missing. One that is refused does not keep the others from being made. */
export async function createLabels(
  forge: LabelForge,
  repository: string,
  wanted: readonly string[],
): Promise<LabelsResult> {
  const checked = await checkLabels(forge, repository, wanted);
  if (checked.kind !== 'checked') return checked;
  const created: string[] = [];
  const failed: { readonly label: string; readonly message: string }[] = [];
  for (const label of checked.missing) {
    try {
      await forge.createLabel(repository, label);
      created.push(label);
    } catch (error) {
      if (!(error instanceof ForgeError)) throw error;
      failed.push({ label, message: error.message });
    }
  }
  return { ...checked, missing: failed.map(({ label }) => label), created, failed };
}

/** GitHub tells labels apart without upper case. */
function missingOf({ kind }: LabelForge, present: readonly string[], wanted: readonly string[]): readonly string[] {
  const keyOf = (label: string) => (kind === 'github' ? label.toLowerCase() : label);
  const known = new Set(present.map(keyOf));
  return [...new Map(wanted.map((label) => [keyOf(label), label])).values()].filter(
    (label) => !known.has(keyOf(label)),
  );
}
