/** What a page shows when it has nothing to show: loading, empty, broken. Each says what is so and what can be done. */
import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ProgressRing } from './controls';
import { Icon, type IconName } from './icon';

/** Shows itself only after a moment: most loads are over before anyone would see it. */
export function Loading(props: { what: string }) {
  const [visible, setVisible] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setVisible(true);
    }, 300);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return (
    <div class="state" role="status">
      {visible && (
        <>
          <ProgressRing label={props.what} />
          <p>{props.what}</p>
        </>
      )}
    </div>
  );
}

export function Empty(props: { icon?: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="state">
      <Icon name={props.icon ?? 'inbox'} class="state-icon" />
      <p class="state-title">{props.title}</p>
      {props.children}
    </div>
  );
}

export function Broken(props: { title: string; message: string; children?: ComponentChildren }) {
  return (
    <div class="state" role="alert">
      <Icon name="error" class="state-icon state-icon-error" />
      <p class="state-title">{props.title}</p>
      <p class="state-message">{props.message}</p>
      {props.children && <div class="state-actions">{props.children}</div>}
    </div>
  );
}

/** A sentence that stays until it no longer holds, or until it is dismissed. */
export function Notice(props: {
  severity: 'info' | 'warning' | 'error' | 'success';
  children: ComponentChildren;
  onDismiss?: () => void;
}) {
  const icons: Record<typeof props.severity, IconName> = {
    info: 'lightbulb',
    warning: 'warning',
    error: 'error',
    success: 'pass',
  };
  return (
    <div class={`notice notice-${props.severity}`} role={props.severity === 'error' ? 'alert' : 'note'}>
      <Icon name={icons[props.severity]} />
      <div class="notice-text">{props.children}</div>
      {props.onDismiss && (
        <button type="button" class="bare" aria-label="Dismiss" title="Dismiss" onClick={props.onDismiss}>
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}

/** What the last action failed with; lies in the header of a page, where it is seen from anywhere. */
export function Problem(props: { problem: Signal<string | null> }) {
  const { problem } = props;
  if (problem.value === null) return null;
  return (
    <Notice
      severity="error"
      onDismiss={() => {
        problem.value = null;
      }}
    >
      {problem.value}
    </Notice>
  );
}
