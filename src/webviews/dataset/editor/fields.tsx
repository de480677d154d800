/** The fields of a stage: numbers, ranges of two, shares, yes or no, one of several, several of several. */
import { useId } from 'preact/hooks';
import { NumberInput } from '../../kit/number-input';
import type { StageField } from './stage-fields';

interface FieldProps {
  field: StageField;
  value: unknown;
  problem: string | undefined;
  onChange: (value: unknown) => void;
}

export function Field({ field, value, problem, onChange }: FieldProps) {
  const problemId = useId();
  const described = problem === undefined ? undefined : problemId;
  return (
    <div class={`field ${problem === undefined ? '' : 'is-wrong'}`} title={field.hint}>
      <span class="field-label">{field.label}</span>
      <Control field={field} value={value} described={described} onChange={onChange} />
      {problem !== undefined && (
        <span id={problemId} class="field-problem" role="alert">
          {problem}
        </span>
      )}
    </div>
  );
}

interface ControlProps extends Pick<FieldProps, 'field' | 'value' | 'onChange'> {
  described: string | undefined;
}

function Control({ field, value, described, onChange }: ControlProps) {
  switch (field.kind) {
    case 'range': {
      const [low, high] = Array.isArray(value) ? (value as unknown[]) : [];
      const { min, max, step, label } = field;
      const limits = { min, max, step, described };
      return (
        <span class="field-range">
          <NumberInput
            {...limits}
            label={`${label}, smallest`}
            value={low}
            onChange={(now) => {
              onChange([now, high]);
            }}
          />
          <span aria-hidden="true">–</span>
          <NumberInput
            {...limits}
            label={`${label}, largest`}
            value={high}
            onChange={(now) => {
              onChange([low, now]);
            }}
          />
          {field.unit !== '' && <span class="muted">{field.unit}</span>}
        </span>
      );
    }
    case 'share':
      return (
        <NumberInput
          label={field.label}
          value={value}
          min={0}
          max={1}
          step={0.05}
          described={described}
          onChange={onChange}
        />
      );
    case 'flag':
      return (
        <input
          type="checkbox"
          aria-label={field.label}
          checked={value === true}
          onChange={(event) => {
            onChange(event.currentTarget.checked);
          }}
        />
      );
    case 'choice':
      return <SelectInput label={field.label} choices={field.choices} value={value} onChange={onChange} />;
    case 'kernels':
      return <Kernels choices={field.choices} value={value} onChange={onChange} />;
  }
}

export function SelectInput(props: {
  label: string;
  choices: readonly { value: string; label: string }[];
  value: unknown;
  onChange: (value: string) => void;
}) {
  return (
    <select
      class="select-input"
      aria-label={props.label}
      value={String(props.value)}
      onChange={(event) => {
        props.onChange(event.currentTarget.value);
      }}
    >
      {props.choices.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}

function Kernels(props: { choices: readonly string[]; value: unknown; onChange: (value: string[]) => void }) {
  const chosen = Array.isArray(props.value) ? props.value.map(String) : [];
  return (
    <span class="field-kernels" role="group" aria-label="Kernels">
      {props.choices.map((kernel) => (
        <label key={kernel}>
          <input
            type="checkbox"
            checked={chosen.includes(kernel)}
            onChange={(event) => {
              const { checked } = event.currentTarget;
              props.onChange(
                props.choices.filter((name) => (name === kernel ? checked : chosen.includes(name))),
              );
            }}
          />
          {kernel}
        </label>
      ))}
    </span>
  );
}
