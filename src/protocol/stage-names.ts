/** The stages of a run, apart from the schema of its configuration: pages need the names, and no validation. */

export const stageNames = ['pixel', 'adversarial'] as const;
export type StageName = (typeof stageNames)[number];
