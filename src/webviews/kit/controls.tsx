/**
 * The controls of every page. The only module that knows which toolkit draws them, so that another one can take its
 * place; each is a plain component with a label, and events as functions.
 */
import './style-nonce';
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { h, type ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon';

provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodeDropdown(),
  vsCodeOption(),
  vsCodeProgressRing(),
  vsCodeTextField(),
);

/** For elements that name themselves when they come into the document, such as "Text field": the name once more, after that. */
function named(label: string): (element: Element | null) => void {
  return (element) => element?.setAttribute('aria-label', label);
}

export interface ButtonProps {
  onPress: () => void;
  children?: ComponentChildren;
  icon?: IconName;
  /** Tooltip, and the accessible name of a button that is only an icon. */
  title?: string;
  appearance?: 'primary' | 'secondary' | 'icon';
  disabled?: boolean;
  /** For a button that stays pressed. */
  pressed?: boolean;
  class?: string;
  expanded?: boolean;
}

export function Button(props: ButtonProps) {
  const { appearance = 'secondary', children, icon, title, pressed } = props;
  const bare = children === undefined;
  return h(
    'vscode-button',
    {
      appearance,
      class: [props.class, pressed && 'is-pressed'].filter(Boolean).join(' '),
      disabled: props.disabled ?? false,
      title,
      'aria-label': bare ? title : undefined,
      'aria-pressed': pressed === undefined ? undefined : String(pressed),
      'aria-expanded': props.expanded === undefined ? undefined : String(props.expanded),
      onClick: props.onPress,
    },
    icon && <Icon name={icon} {...(bare ? {} : { slot: 'start' })} />,
    children,
  );
}

export interface Choice<T extends string> {
  value: T;
  label: string;
}

export interface DropdownProps<T extends string> {
  label: string;
  choices: readonly Choice<T>[];
  value: T;
  onChange: (value: T) => void;
  class?: string;
}

export function Dropdown<T extends string>(props: DropdownProps<T>) {
  const { label, choices, value } = props;
  return h(
    'vscode-dropdown',
    {
      'aria-label': label,
      title: label,
      class: props.class,
      value,
      onChange: (event: Event) => {
        const chosen = choices.find((choice) => choice.value === (event.target as HTMLSelectElement).value);
        if (chosen && chosen.value !== value) props.onChange(chosen.value);
      },
    },
    choices.map((choice) =>
      h(
        'vscode-option',
        { key: choice.value, value: choice.value, selected: choice.value === value },
        choice.label,
      ),
    ),
  );
}

export function TextField(props: {
  label: string;
  value: string;
  placeholder?: string;
  onInput: (value: string) => void;
}) {
  return h(
    'vscode-text-field',
    {
      ref: named(props.label),
      placeholder: props.placeholder,
      value: props.value,
      onInput: (event: Event) => {
        props.onInput((event.target as HTMLInputElement).value);
      },
    },
    <Icon name="search" slot="start" />,
  );
}

export function ProgressRing(props: { label: string }) {
  return h('vscode-progress-ring', { ref: named(props.label) });
}

/** A native slider in the theme's colours: the toolkit has none. */
export function Slider(props: {
  label: string;
  min: number;
  max: number;
  step: number;
  value: number;
  valueText?: string;
  onInput: (value: number) => void;
  class?: string;
}) {
  return (
    <input
      type="range"
      class={`slider ${props.class ?? ''}`}
      aria-label={props.label}
      aria-valuetext={props.valueText}
      title={props.label}
      min={props.min}
      max={props.max}
      step={props.step}
      value={props.value}
      onInput={(event) => {
        props.onInput(Number(event.currentTarget.value));
      }}
    />
  );
}

/** A row of buttons of which one is pressed; the toolkit's buttons are too narrow or too loud for it. */
export function Segmented<T extends string>(props: {
  label: string;
  choices: readonly (Choice<T> & { title?: string })[];
  value: T;
  onChange: (value: T) => void;
}) {
  return (
    <div class="segmented" role="group" aria-label={props.label}>
      {props.choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          class="segment"
          aria-pressed={choice.value === props.value}
          title={choice.title}
          onClick={() => {
            props.onChange(choice.value);
          }}
        >
          {choice.label}
        </button>
      ))}
    </div>
  );
}
