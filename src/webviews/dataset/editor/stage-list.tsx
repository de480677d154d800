/** A sequence of stages as cards: added below, removed, and moved by buttons or with Alt and the arrow keys. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../kit/controls';
import { percent } from '../../kit/format';
import { MenuButton } from '../../kit/menu';
import { moveBy, optionsOf, removeAt, replaceAt, type DraftOption, type DraftStage } from './draft';
import { NumberInput } from '../../kit/number-input';
import { Field } from './fields';
import {
  isPlainType,
  newStage,
  plainStageTypes,
  probabilityField,
  stageFields,
  stageLabels,
  stageWords,
  type StageType,
} from './stage-fields';

export interface StageListProps {
  stages: readonly DraftStage[];
  onChange: (stages: DraftStage[]) => void;
  /** What is wrong, by its place in the degradation. */
  problems: ReadonlyMap<string, string>;
  /** Place of this list: `stages`, `stages.0.options.1.stages`. */
  place: string;
  /** Whether the list is an option of a card: such a list cannot branch again. */
  nested?: boolean;
}

export function StageList({ stages, onChange, problems, place, nested = false }: StageListProps) {
  const list = useRef<HTMLOListElement>(null);
  /** The card that gets the focus when it has been drawn at its new place. */
  const [focused, setFocused] = useState<number | null>(null);
  useEffect(() => {
    if (focused === null) return;
    const cards = list.current?.children;
    const card = cards?.[Math.min(focused, cards.length - 1)];
    card?.querySelector<HTMLElement>('.stage-card')?.focus();
    setFocused(null);
  }, [focused]);
  const move = (index: number, by: number) => {
    if (index + by < 0 || index + by >= stages.length) return;
    onChange(moveBy(stages, index, by));
    setFocused(index + by);
  };
  const types: readonly StageType[] = nested ? plainStageTypes : [...plainStageTypes, 'choose'];
  return (
    <>
      <ol ref={list} class="stage-list">
        {stages.map((stage, index) => (
          <li key={index}>
            <StageCard
              stage={stage}
              number={index + 1}
              of={stages.length}
              problems={problems}
              place={`${place}.${index}`}
              onChange={(changed) => {
                onChange(replaceAt(stages, index, changed));
              }}
              onRemove={() => {
                onChange(removeAt(stages, index));
                setFocused(index);
              }}
              onMove={(by) => {
                move(index, by);
              }}
            />
          </li>
        ))}
      </ol>
      <div class="stage-add">
        <MenuButton
          label={nested ? 'Add a stage to this option' : 'Add a stage'}
          icon="add"
          items={types.map((type) => ({
            label: stageLabels[type],
            run: () => {
              onChange([...stages, newStage(type)]);
              setFocused(stages.length);
            },
          }))}
        />
        <span class="muted">{stages.length === 0 && nested ? 'Nothing happens' : 'Add a stage'}</span>
      </div>
    </>
  );
}

interface StageCardProps {
  stage: DraftStage;
  number: number;
  of: number;
  problems: ReadonlyMap<string, string>;
  place: string;
  onChange: (stage: DraftStage) => void;
  onRemove: () => void;
  onMove: (by: number) => void;
}

function StageCard({ stage, number, of, problems, place, onChange, onRemove, onMove }: StageCardProps) {
  const { type } = stage;
  const label = type === 'choose' || isPlainType(type) ? stageLabels[type] : type;
  const onKeyDown = (event: KeyboardEvent) => {
    // Keys of a field or of a card within this one are not its own.
    if (event.target !== event.currentTarget) return;
    if (event.altKey && event.key === 'ArrowUp') onMove(-1);
    else if (event.altKey && event.key === 'ArrowDown') onMove(1);
    else if (event.key === 'Delete') onRemove();
    else return;
    event.preventDefault();
  };
  const fields = [...(isPlainType(type) ? stageFields[type] : []), probabilityField].filter(
    ({ when }) => when?.(stage) ?? true,
  );
  const own = problems.get(place);
  return (
    <div
      class="stage-card"
      role="group"
      aria-label={`Stage ${number} of ${of}: ${label}. Alt and arrow keys move it, Delete removes it.`}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div class="stage-card-head">
        <strong>
          {number}. {label}
        </strong>
        <span class="stage-card-actions">
          <Button
            appearance="icon"
            icon="arrow-up"
            title={`Move ${label} up (Alt+Up)`}
            disabled={number === 1}
            onPress={() => {
              onMove(-1);
            }}
          />
          <Button
            appearance="icon"
            icon="arrow-down"
            title={`Move ${label} down (Alt+Down)`}
            disabled={number === of}
            onPress={() => {
              onMove(1);
            }}
          />
          <Button appearance="icon" icon="trash" title={`Remove ${label} (Delete)`} onPress={onRemove} />
        </span>
      </div>
      <div class="stage-fields">
        {fields.map((field) => (
          <Field
            key={field.key}
            field={field}
            value={stage[field.key]}
            problem={problems.get(`${place}.${field.key}`)}
            onChange={(value) => {
              onChange({ ...stage, [field.key]: value });
            }}
          />
        ))}
      </div>
      {type === 'choose' && (
        <Options
          options={optionsOf(stage)}
          problems={problems}
          place={`${place}.options`}
          onChange={(options) => {
            onChange({ ...stage, options });
          }}
        />
      )}
      {own !== undefined && <p class="field-problem">{own}</p>}
    </div>
  );
}

function Options(props: {
  options: readonly DraftOption[];
  problems: ReadonlyMap<string, string>;
  place: string;
  onChange: (options: DraftOption[]) => void;
}) {
  const { options, problems, place, onChange } = props;
  const total = options.reduce((sum, { weight }) => sum + Number(weight), 0);
  return (
    <div class="stage-options">
      {options.map((option, index) => (
        <details key={index} class="stage-option">
          <summary>{optionWords(option, total)}</summary>
          <div class="stage-option-head">
            <label class="field">
              <span class="field-label">Weight</span>
              <NumberInput
                label={`Weight of option ${index + 1}`}
                value={option.weight}
                min={0}
                max={1000}
                step={0.05}
                onChange={(weight) => {
                  onChange(replaceAt(options, index, { ...option, weight }));
                }}
              />
            </label>
            <Button
              appearance="icon"
              icon="trash"
              title={`Remove option ${index + 1}`}
              disabled={options.length === 1}
              onPress={() => {
                onChange(removeAt(options, index));
              }}
            />
          </div>
          <StageList
            nested
            stages={option.stages}
            problems={problems}
            place={`${place}.${index}.stages`}
            onChange={(stages) => {
              onChange(replaceAt(options, index, { ...option, stages }));
            }}
          />
        </details>
      ))}
      <button
        type="button"
        class="link"
        onClick={() => {
          onChange([...options, { weight: 1, stages: [] }]);
        }}
      >
        Add an option
      </button>
    </div>
  );
}

/** `45 %: Blur, isotropic`. */
function optionWords({ weight, stages }: DraftOption, total: number): string {
  const names = stages.map(stageWords);
  return `${percent(Number(weight) / total)}: ${names.length === 0 ? 'nothing' : names.join(', ')}`;
}
