/** A button that unfolds a list of things to show or put away, and stays open while a person chooses. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Button } from '../kit/controls';
import type { IconName } from '../kit/icon';

export interface ChoiceEntry {
  id: string;
  label: string;
  /** Said when the pointer rests on it. */
  hint?: string;
  checked: boolean;
}

interface ChoicesProps {
  label: string;
  icon: IconName;
  entries: readonly ChoiceEntry[];
  onChange: (id: string, checked: boolean) => void;
  /** Undefined while everything is as it was at first. */
  onReset?: (() => void) | undefined;
}

export function Choices({ label, icon, entries, onChange, onReset }: ChoicesProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const closeOutside = (event: Event) => {
      if (!(event.target instanceof Node && host.current?.contains(event.target))) setOpen(false);
    };
    window.addEventListener('pointerdown', closeOutside, true);
    return () => {
      window.removeEventListener('pointerdown', closeOutside, true);
    };
  }, [open]);
  return (
    <div
      ref={host}
      class="choices"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        setOpen(false);
        event.stopPropagation();
      }}
    >
      <Button
        icon={icon}
        expanded={open}
        onPress={() => {
          setOpen(!open);
        }}
      >
        {label}
      </Button>
      {open && (
        <fieldset class="choices-list" aria-labelledby={id}>
          <legend id={id} class="visually-hidden">
            {label}
          </legend>
          {entries.map((entry) => (
            <label key={entry.id} title={entry.hint}>
              <input
                type="checkbox"
                checked={entry.checked}
                onChange={(event) => {
                  onChange(entry.id, event.currentTarget.checked);
                }}
              />
              {entry.label}
            </label>
          ))}
          {onReset && (
            <button type="button" class="link" onClick={onReset}>
              As at first
            </button>
          )}
        </fieldset>
      )}
    </div>
  );
}
