/** A section of the page: its title, and a menu that takes what it shows out of the page. */
import type { ComponentChildren } from 'preact';
import { figureActions, type Figure } from '../chart/figure-actions';
import { MenuButton } from '../kit/menu';
import { save } from './state';

export interface SectionProps {
  readonly title: string;
  readonly figure: Figure;
  readonly children: ComponentChildren;
}

export function Section({ title, figure, children }: SectionProps) {
  return (
    <section class="section" aria-label={title}>
      <div class="section-header">
        <h2>{title}</h2>
        <MenuButton label={`${title}: more actions`} items={figureActions(figure, save)} />
      </div>
      {children}
    </section>
  );
}
