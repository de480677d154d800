/**
 * A menu of actions: under a button, or where the pointer was right-clicked. Arrow keys move, Escape closes and gives the
 * focus back.
 */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button } from './controls';
import { Icon, type IconName } from './icon';

export interface MenuItem {
  label: string;
  icon?: IconName;
  checked?: boolean;
  run: () => void;
}

/** Where a menu opens, in CSS pixels of the window. */
export interface MenuPlace {
  x: number;
  y: number;
}

export function Menu(props: { label: string; items: MenuItem[]; at: MenuPlace; onClose: () => void }) {
  const { items, at, onClose } = props;
  const list = useRef<HTMLDivElement>(null);
  const entries = () => [...(list.current?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])];

  useLayoutEffect(() => {
    const element = list.current!;
    const { width, height } = element.getBoundingClientRect();
    element.style.left = `${Math.max(4, Math.min(at.x, window.innerWidth - width - 4))}px`;
    element.style.top = `${Math.max(4, Math.min(at.y, window.innerHeight - height - 4))}px`;
    const before = document.activeElement;
    entries()[0]?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, [at.x, at.y]);

  useEffect(() => {
    const closeOutside = (event: Event) => {
      if (event.target instanceof Node && list.current?.contains(event.target)) return;
      onClose();
    };
    window.addEventListener('pointerdown', closeOutside, true);
    window.addEventListener('blur', onClose);
    window.addEventListener('scroll', onClose, { passive: true });
    return () => {
      window.removeEventListener('pointerdown', closeOutside, true);
      window.removeEventListener('blur', onClose);
      window.removeEventListener('scroll', onClose);
    };
  }, [onClose]);

  const onKeyDown = (event: KeyboardEvent) => {
    const all = entries();
    const current = all.findIndex((entry) => entry === document.activeElement);
    const go = (index: number) => {
      all[(index + all.length) % all.length]?.focus();
    };
    if (event.key === 'ArrowDown') go(current + 1);
    else if (event.key === 'ArrowUp') go(current - 1);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(all.length - 1);
    else if (event.key === 'Escape' || event.key === 'Tab') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div ref={list} class="menu" role="menu" aria-label={props.label} onKeyDown={onKeyDown}>
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          class="menu-item"
          role={item.checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
          aria-checked={item.checked}
          onClick={() => {
            onClose();
            item.run();
          }}
        >
          {item.checked ? <Icon name="check" /> : item.icon ? <Icon name={item.icon} /> : <span />}
          {item.label}
        </button>
      ))}
    </div>
  );
}

export function MenuButton(props: { label: string; icon?: IconName; items: MenuItem[] }) {
  const [place, setPlace] = useState<MenuPlace | null>(null);
  const anchor = useRef<HTMLSpanElement>(null);
  return (
    <span ref={anchor} class="menu-anchor">
      <Button
        appearance="icon"
        icon={props.icon ?? 'ellipsis'}
        title={props.label}
        expanded={place !== null}
        onPress={() => {
          const box = anchor.current!.getBoundingClientRect();
          setPlace(place ? null : { x: box.right - 220, y: box.bottom + 2 });
        }}
      />
      {place && (
        <Menu
          label={props.label}
          items={props.items}
          at={place}
          onClose={() => {
            setPlace(null);
          }}
        />
      )}
    </span>
  );
}
