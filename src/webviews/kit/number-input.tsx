/** A number as it is typed; what is no number is handed on as `null`, for whoever asked to refuse. */

export function NumberInput(props: {
  label: string;
  value: unknown;
  min: number;
  max: number;
  step: number;
  described?: string | undefined;
  onChange: (value: number | null) => void;
}) {
  const { label, value, min, max, step, described } = props;
  return (
    <input
      type="number"
      class="number-input"
      aria-label={label}
      aria-describedby={described}
      aria-invalid={described !== undefined}
      min={min}
      max={max}
      step={step}
      value={typeof value === 'number' ? Number(value.toPrecision(6)) : ''}
      onInput={(event) => {
        const now = event.currentTarget.valueAsNumber;
        props.onChange(Number.isNaN(now) ? null : now);
      }}
    />
  );
}
