/** The roles that have one colour on every page and chart, and the variables of `roles.css` that hold them. */

export const colourRoles = {
  foreground: '--lab-foreground',
  muted: '--lab-muted',
  background: '--lab-background',
  grid: '--lab-grid',
  focus: '--lab-focus',
  warning: '--lab-warning',
  error: '--lab-error',
  lr: '--lab-lr',
  sr: '--lab-sr',
  hr: '--lab-hr',
  dissimilar: '--lab-dissimilar',
  generatorPixel: '--lab-generator-pixel',
  generatorContent: '--lab-generator-content',
  generatorAdversarial: '--lab-generator-adversarial',
  generatorTotal: '--lab-generator-total',
  discriminatorReal: '--lab-discriminator-real',
  discriminatorFake: '--lab-discriminator-fake',
  run1: '--lab-run-1',
  run2: '--lab-run-2',
  run3: '--lab-run-3',
  run4: '--lab-run-4',
  run5: '--lab-run-5',
  run6: '--lab-run-6',
  run7: '--lab-run-7',
  run8: '--lab-run-8',
  run9: '--lab-run-9',
  run10: '--lab-run-10',
} as const;

export type ColourRole = keyof typeof colourRoles;

/** The colours of a theme, as a canvas takes them. */
export type Palette = Readonly<Record<ColourRole, string> & { font: string }>;
