/** A slot is a run's place among the colours: its own for as long as it is compared, whoever comes and goes. Pure. */
import type { ColourRole } from '../kit/colour-roles';

/** Folder → slot. */
export type Slots = Readonly<Record<string, number>>;

const colours = [
  'run1',
  'run2',
  'run3',
  'run4',
  'run5',
  'run6',
  'run7',
  'run8',
  'run9',
  'run10',
] as const satisfies readonly ColourRole[];

/** Each folder with the slot that it had, or else with the lowest that is free. */
export function assignSlots(before: Slots, folders: readonly string[]): Slots {
  const kept = folders.flatMap((folder) => (folder in before ? [[folder, before[folder]!] as const] : []));
  const taken = new Set(kept.map(([, slot]) => slot));
  const slots: Record<string, number> = Object.fromEntries(kept);
  let next = 0;
  for (const folder of folders) {
    if (folder in slots) continue;
    while (taken.has(next)) next += 1;
    slots[folder] = next;
    taken.add(next);
  }
  return slots;
}

export interface SlotLook {
  colour: ColourRole;
  /** After all colours have been used, dashed lines use them once more. */
  line: 'solid' | 'dashed';
}

export function lookOf(slot: number): SlotLook {
  return {
    colour: colours[slot % colours.length]!,
    line: Math.floor(slot / colours.length) % 2 === 0 ? 'solid' : 'dashed',
  };
}

/** Names a run in charts, on the stage and in what the page remembers. */
export function slotId(slot: number): string {
  return `run${slot}`;
}
