/**
 * The theme's colours for what is drawn on a canvas. Roles (LR, SR, HR, generator, discriminator) are named once, in
 * `roles.css`; this module resolves them and follows the theme as it changes.
 */
import { signal, type ReadonlySignal } from '@preact/signals';
import { colourRoles, type ColourRole, type Palette } from './colour-roles';

export type { Palette };

/** A custom property may hold `var()` and `color-mix()`; an element's computed colour is what they come to. */
function resolve(): Palette {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const entries = Object.entries(colourRoles).map(([role, property]) => {
    probe.style.color = `var(${property})`;
    return [role, getComputedStyle(probe).color];
  });
  probe.remove();
  const font = getComputedStyle(document.body).fontFamily;
  return { ...(Object.fromEntries(entries) as Record<ColourRole, string>), font };
}

const current = signal(resolve());

/** Colours as a canvas takes them; changes when the person changes the theme. */
export const palette: ReadonlySignal<Palette> = current;

function refresh(): void {
  const next = resolve();
  const before = current.peek();
  const roleNames = Object.keys(next) as (keyof Palette)[];
  if (roleNames.some((role) => next[role] !== before[role])) current.value = next;
}

// VS Code tells a new theme by the class of the body and by the variables in the style of the root element.
const observer = new MutationObserver(refresh);
observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });

/** Whether motion is unwanted, by the system's setting or by VS Code's. */
export function reducedMotion(): boolean {
  return (
    matchMedia('(prefers-reduced-motion: reduce)').matches ||
    document.body.classList.contains('vscode-reduce-motion')
  );
}
