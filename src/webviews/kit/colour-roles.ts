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
  generatorPixel: '--lab-generator-pixel',
  generatorContent: '--lab-generator-content',
  generatorAdversarial: '--lab-generator-adversarial',
  generatorTotal: '--lab-generator-total',
  discriminatorReal: '--lab-discriminator-real',
  discriminatorFake: '--lab-discriminator-fake',
} as const;

export type ColourRole = keyof typeof colourRoles;
