/** Codicons by name. An icon is decoration: the control around it carries the label. */
import '@vscode/codicons/dist/codicon.css';

export type IconName =
  | 'check'
  | 'circle-outline'
  | 'clippy'
  | 'close'
  | 'debug-pause'
  | 'debug-start'
  | 'debug-stop'
  | 'device-camera'
  | 'ellipsis'
  | 'error'
  | 'folder-opened'
  | 'inbox'
  | 'info'
  | 'json'
  | 'lightbulb'
  | 'output'
  | 'pass'
  | 'play'
  | 'save'
  | 'screen-full'
  | 'target'
  | 'warning'
  | 'layout'
  | 'vm-running';

export function Icon(props: { name: IconName; slot?: string; spin?: boolean; class?: string }) {
  const spin = props.spin ? ' codicon-modifier-spin' : '';
  return (
    <span
      class={`codicon codicon-${props.name}${spin} ${props.class ?? ''}`}
      slot={props.slot}
      aria-hidden="true"
    />
  );
}
